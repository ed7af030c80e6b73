"""What a signed-in browser has proved besides its password, and from where it asks.

Kept in the session, which lies in our database; real time, as for all sessions.
"""

from datetime import timedelta

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.models import Account, SecondFactor, Staff
from common import clock
from hospitals.policy import policy_of

PROVED = "second_factor"
BY_PROVIDER = "provider"  # the hospital's own sign-in service asked for two factors


def remember_proof(request: HttpRequest, account: Account, *, by: str) -> None:
    """From now on the session has a second factor: the key of ours, or `BY_PROVIDER`."""
    request.session[PROVED] = {
        "account": str(account.pk),
        "by": by,
        "at": clock.real_now().timestamp(),
    }


def is_proved(request: HttpRequest | Request, staff: Staff, *, within: timedelta | None) -> bool:
    """Whether a second factor was shown in this session, of late where `within` says how late.

    A factor that was removed since then proves nothing any more.
    """
    proof = getattr(request, "session", {}).get(PROVED)
    if not isinstance(proof, dict) or proof["account"] != str(staff.account_id):
        return False
    if within is not None and clock.real_now().timestamp() - proof["at"] >= within.total_seconds():
        return False
    if proof["by"] == BY_PROVIDER:
        return True
    factors = SecondFactor.objects.filter(pk=proof["by"], account_id=staff.account_id)
    return factors.exclude(confirmed_at=None).exists()


def is_inside(request: HttpRequest | Request, staff: Staff) -> bool:
    """Whether the request comes from the hospital's own addresses."""
    address = BaseThrottle().get_ident(request)  # type: ignore[arg-type]  # reads META alone
    return policy_of(staff.hospital_id, now=clock.now()).is_inside(address or "")


def needs_proof(request: HttpRequest | Request, staff: Staff, *, strong: bool) -> bool:
    """Whether a second factor is to be shown first: from outside once a session, for an act that
    asks for one again after the policy's minutes.
    """
    if strong:
        minutes = policy_of(staff.hospital_id, now=clock.now()).second_factor_minutes
        return not is_proved(request, staff, within=timedelta(minutes=minutes))
    return not is_inside(request, staff) and not is_proved(request, staff, within=None)
