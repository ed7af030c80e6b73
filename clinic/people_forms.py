"""What an administrator fills in about staff."""

from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from django import forms

from accounts.models import Role
from clinic.models import Department
from common import clock
from hospitals.models import Hospital

NUMBER = r"[A-Za-z0-9-]{1,20}"
WRONG_NUMBER = "工号只用字母、数字和横线，最多二十位"


class DepartmentField(forms.ChoiceField):
    """One of the hospital's departments and wards, by key."""

    def offer(self, hospital: Hospital) -> None:
        """Those of this hospital."""
        rows = Department.objects.filter(hospital=hospital).order_by("position", "code")
        named = [(str(row.pk), f"{row.name}（{row.code}）") for row in rows]
        self.choices = [("", "不指定" if not self.required else "请选择"), *named]


class HireForm(forms.Form):
    """Somebody new."""

    idempotency_key = forms.CharField(widget=forms.HiddenInput, initial=uuid4)
    number = forms.RegexField(
        label="工号", regex=rf"^{NUMBER}$", error_messages={"invalid": WRONG_NUMBER}
    )
    name = forms.CharField(label="姓名", max_length=40)
    role = forms.ChoiceField(label="岗位", choices=Role.choices)
    department = DepartmentField(label="科室或病区", required=False)


class RoleForm(forms.Form):
    """Another role."""

    role = forms.ChoiceField(label="岗位", choices=Role.choices)


def _ends(day: date | None) -> datetime | None:
    """The end of the last day."""
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), time(0), tzinfo=clock.HOSPITAL_ZONE)


class DayInput(forms.DateInput):
    """The browser's own choice of a day."""

    input_type = "date"


class AssignForm(forms.Form):
    """A department or a ward, lasting or for a while."""

    prefix = "assign"
    department = DepartmentField(label="科室或病区")
    last_day = forms.DateField(label="最后一天", required=False, widget=DayInput)

    @property
    def until(self) -> datetime | None:
        """When it ends."""
        return _ends(self.cleaned_data["last_day"])

    @property
    def department_id(self) -> UUID:
        """The chosen one."""
        return UUID(self.cleaned_data["department"])


class StandInForm(AssignForm):
    """For whom, where, and until when."""

    prefix = "stand_in"
    for_number = forms.RegexField(
        label="代谁的班（工号）", regex=rf"^{NUMBER}$", error_messages={"invalid": WRONG_NUMBER}
    )
    last_day = forms.DateField(label="最后一天", widget=DayInput)
