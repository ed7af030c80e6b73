"""Hospitals."""

import itertools

from hospitals.actions.open import open_hospital
from hospitals.models import Hospital

_numbers = itertools.count(1)


def hospital(
    *, code: str = "", name: str = "第一示范医院", grade: str = "三级甲等", phone: str = ""
) -> Hospital:
    """A hospital with its keys; a code of its own unless told."""
    return open_hospital(code=code or f"h{next(_numbers)}", name=name, grade=grade, phone=phone)
