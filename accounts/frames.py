"""What every staff page shows around its content, and how apps add a link to it."""

from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest

from accounts.at_device import device_of, idle_of
from accounts.models import Role, Staff
from accounts.rules import staff_of
from common.asking import Question


@dataclass(frozen=True)
class StaffLink:
    """One place of work. `order` sorts; `count` is what waits there."""

    label: str
    href: str
    order: int = 50
    icon: str = ""
    count: int = 0
    detail: str = ""


# Who registers answers with the links that this staff member may open, or none.
staff_home: Question[[Staff], list[StaffLink]] = Question("accounts.staff_home")


def links_for(staff: Staff) -> list[StaffLink]:
    """Every place of work of this staff member."""
    links = [link for answer in staff_home.ask(staff) for link in answer]
    return sorted(links, key=lambda link: (link.order, link.label))


def staff_frame(request: HttpRequest, *, heading: str, **more: Any) -> dict[str, Any]:
    """The context of a page on `common/staff.html`; `more` is the page's own."""
    staff = staff_of(request)
    device = device_of(request)
    return {
        "hospital": staff.hospital,
        "hospital_name": staff.hospital.name,
        "home_url": f"/staff/{staff.hospital.code}/",
        "staff_name": staff.name,
        "staff_role": Role(staff.role).label,
        "nav": [
            {**asdict(link), "current": request.path.startswith(link.href)}
            for link in links_for(staff)
        ],
        "at_device": device,
        "idle_seconds": int(idle_of(device).total_seconds()) if device else 0,
        "heading": heading,
        **more,
    }
