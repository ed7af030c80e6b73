"""A hospital whose money runs through a real sandbox."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from payments import gateway
from tests.make.payments import Heard
from tests.payments.till import Till
from tests.sandbox.conftest import keys_home, product, sandbox
from tests.sandbox.outside import Sandbox, Stranger

__all__ = ["keys_home", "product", "sandbox"]


@pytest.fixture(autouse=True)
def answerer_forgets() -> Iterator[None]:
    """Each test's answerer starts without memory and without a will of its own."""
    Heard.forget()
    yield
    Heard.forget()


@pytest.fixture
def till(sandbox: Sandbox, product: Stranger, settings: Settings) -> Till:
    """A hospital with a merchant at the sandbox; its notices wait at the stranger's door."""
    settings.WECHAT_PAY_URL = sandbox.url
    settings.PUBLIC_URL = product.url
    gateway.forget_clients()
    return Till(sandbox, product)
