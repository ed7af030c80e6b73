"""The tabs that the journey gives the phone."""

from uuid import UUID

from hospitals.models import Hospital
from patients.frames import PhoneTab


def day_tabs(_account_id: UUID, hospital: Hospital) -> list[PhoneTab]:
    """首页 and 就诊."""
    root = f"/m/{hospital.code}/"
    return [
        PhoneTab("首页", icon="home", href=root, order=10),
        PhoneTab("就诊", icon="route", href=f"{root}visits/today/", order=30),
    ]
