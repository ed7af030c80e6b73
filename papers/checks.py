"""What is refused before the first paper is asked for."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from papers.keys import sealing_certificate


def check_seal(**_: Any) -> Sequence[CheckMessage]:
    """Nothing to say where a real seal stands ready; a demonstration makes its own later."""
    if settings.PAPERS_DEMONSTRATION_SEAL:
        return []
    try:
        sealing_certificate()
    except ImproperlyConfigured as trouble:
        return [Error(str(trouble), id="papers.E001")]
    return []
