"""A hospital's staff may sign in by the hospital's own service."""

from dataclasses import dataclass

from accounts.errors import IssuerRefused
from accounts.models import SignInProvider
from accounts.oidc import is_allowed_address
from common.commands import action
from hospitals.models import Hospital


@dataclass(frozen=True)
class Registration:
    """What the service gave us, and how its claims are read."""

    issuer: str
    client_id: str
    client_secret: str
    label: str = "统一身份认证"
    number_claim: str = "staff_number"
    strong_values: tuple[str, ...] = ()  # of acr or amr


@action
def connect_provider(*, hospital: Hospital, registration: Registration) -> SignInProvider:
    """The button stands on the sign-in page; connecting again replaces what was there.

    Raises IssuerRefused.
    """
    if not is_allowed_address(registration.issuer):
        raise IssuerRefused

    known = SignInProvider.objects.filter(hospital=hospital).first()
    provider = known or SignInProvider(hospital=hospital)
    provider.issuer = registration.issuer
    provider.client_id = registration.client_id
    provider.client_secret = registration.client_secret
    provider.label = registration.label
    provider.number_claim = registration.number_claim
    provider.strong_values = list(registration.strong_values)
    provider.is_on = True
    provider.save()
    return provider
