"""Templates, and what a message is about."""

from typing import Any

from hospitals.models import Hospital
from notifications.actions.write_template import write_template
from notifications.models import Grade, Template
from patients.models import Scope

PLAIN: dict[str, Any] = {
    "title": "预约成功",
    "grade": Grade.G2,
    "scope": Scope.BOOK,
    "body": "{department}，{starts_at}，请提前三十分钟签到。",
    "wechat_template_id": "",
    "fields": {"thing1": "department", "time2": "starts_at"},
    "page": "m/messages/",
}


def template(*, hospital: Hospital, code: str = "told", **said: Any) -> Template:
    """A template of the hospital; what is not said is plain."""
    return write_template(hospital=hospital, code=code, **{**PLAIN, **said})
