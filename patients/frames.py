"""What every phone page shows around its content, and how apps add a tab to it."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from common.asking import Question
from common.http import account_id_of
from hospitals.models import Hospital


@dataclass(frozen=True)
class PhoneTab:
    """A main page: 首页 10, 预约 20, 就诊 30, 消息 40, 我的 50. `count` is what is unread."""

    label: str
    icon: str
    href: str
    order: int
    count: int = 0


BOOKING = 20  # the order of the tab 预约

# Who registers answers with the tabs of this account in this hospital.
phone_tabs: Question[[UUID, Hospital], list[PhoneTab]] = Question("patients.phone_tabs")


def phone_frame(
    request: HttpRequest, hospital: Hospital, *, heading: str, **more: Any
) -> dict[str, Any]:
    """The context of a page on `common/phone.html`; `more` is the page's own."""
    answers = phone_tabs.ask(account_id_of(request), hospital)
    tabs = sorted((tab for answer in answers for tab in answer), key=lambda tab: tab.order)
    return {
        "hospital": hospital,
        "hospital_name": hospital.name,
        "home_url": phone_home(hospital.code),
        "tabs": [{**asdict(tab), "current": request.path == tab.href} for tab in tabs],
        "heading": heading,
        **more,
    }


def next_step(request: HttpRequest, hospital: Hospital) -> PhoneTab | None:
    """Where somebody goes who has just registered: to book, if that can be done here."""
    answers = phone_tabs.ask(account_id_of(request), hospital)
    return next((tab for answer in answers for tab in answer if tab.order == BOOKING), None)


def phone_home(code: str) -> str:
    """The hospital's first page on the phone, or one's own page while nothing stands there."""
    first = f"/m/{code}/"
    try:
        resolve(first)
    except Resolver404:
        return f"{first}me/"
    return first


def my_tab(_account_id: UUID, hospital: Hospital) -> list[PhoneTab]:
    """我的."""
    return [PhoneTab("我的", icon="person", href=f"/m/{hospital.code}/me/", order=50)]
