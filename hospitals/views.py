"""The one function that reads the hospital of a request, and the base of every view under it."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request

from common import clock
from common.views import View
from hospitals.errors import HospitalUnknown
from hospitals.models import Hospital

REMEMBERED_SECONDS = 5.0
_remembered: dict[str, tuple[float, Hospital]] = {}


def hospital_of(code: str) -> Hospital:
    """The hospital that a URL names, at most five seconds old. Raises HospitalUnknown."""
    stamp = clock.monotonic()
    known = _remembered.get(code)
    if known is not None and stamp - known[0] < REMEMBERED_SECONDS:
        return known[1]
    hospital = Hospital.objects.filter(code=code).first()
    if hospital is None:
        raise HospitalUnknown(hospital=code)
    _remembered[code] = (stamp, hospital)
    return hospital


def forget_remembered() -> None:
    """Drop what this process remembers; for tests, whose hospitals vanish."""
    _remembered.clear()


class HospitalView(View):
    """A view under `/hospitals/{code}/`; `self.hospital` is the one that the URL names."""

    hospital: Hospital

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Find the hospital before asking who may act in it."""
        self.hospital = hospital_of(kwargs["code"])
        super().initial(request, *args, **kwargs)

    @property
    def hospital_id(self) -> UUID:
        """The hospital's key."""
        return self.hospital.pk
