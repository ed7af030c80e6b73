"""A hospital joins the deployment."""

from common.crypto import make_data_key
from hospitals.models import Hospital

PURPOSES = ("person", "people", "provider", "evidence", "paper")


def open_hospital(
    *, code: str, name: str, grade: str, address: str = "", phone: str = ""
) -> Hospital:
    """Make the hospital, or take the one with this code, with a data key for each purpose.

    Repeatable; not an action, since keys must be there before any command uses them.
    """
    hospital, _ = Hospital.objects.get_or_create(
        code=code, defaults={"name": name, "grade": grade, "address": address, "phone": phone}
    )
    for purpose in PURPOSES:
        make_data_key(hospital_id=hospital.pk, purpose=purpose)
    return hospital
