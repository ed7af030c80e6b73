"""From the wallet to the ledger without a hand between: the provider itself knocks at our door."""

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from payments import gateway
from payments.ledger import equation_of
from payments.models import Charge
from tests.payments.till import Till
from tests.sandbox.outside import Sandbox, Stranger

MANY_LOOKS = 2_000


@pytest.mark.django_db(transaction=True)
def test_the_provider_reaches_our_door_and_stops_knocking(
    live_server: LiveServer, sandbox: Sandbox, product: Stranger, settings: Settings
) -> None:
    settings.WECHAT_PAY_URL, settings.PUBLIC_URL = sandbox.url, live_server.url
    gateway.forget_clients()
    till = Till(sandbox, product)
    charge = till.charge()
    _, parameters = till.ask(charge)

    till.pay(parameters)
    states = (sandbox.control("notices")["notices"][0] for _ in range(MANY_LOOKS))
    delivered = next(one for one in states if one["state"] == "DELIVERED")

    charge.refresh_from_db()
    assert [one["outcome"] for one in delivered["attempts"]] == ["204"]
    assert charge.status == Charge.Status.PAID
    assert equation_of(charge).held_fen == 5000
