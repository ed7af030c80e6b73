"""The administrator's pages: who works here, where, and as what (人员管理)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.actions.change_role import change_role
from accounts.actions.hire import Post, hire_staff, return_to_service
from accounts.actions.leave_service import end_service
from accounts.actions.password import reset_password
from accounts.actions.second_factor import remove_second_factor
from accounts.frames import StaffLink, staff_frame
from accounts.models import Role, SecondFactor, Staff, StaffChange
from accounts.passwords import OneTimePassword, one_time_password
from accounts.rules import by_staff, not_by_badge, staff_of
from clinic.actions.assign import Times, assign_department, end_assignment, stand_in
from clinic.actions.link_doctor import link_doctor
from clinic.models import Assignment
from clinic.people_forms import AssignForm, HireForm, RoleForm, StandInForm
from common import clock
from common.commands import Answer
from common.errors import DomainError
from common.pages import form_command, page, say_refusal

ON_A_PAGE = 50
PEOPLE_REFUSALS = {
    "accounts.not_administrator": "您已经不是系统管理员。",
    "accounts.last_administrator": "这是最后一位系统管理员，请先任命另一位。",
    "accounts.number_taken": "本院已有这个工号。",
    "accounts.service_ended": "这位职工已经离职。",
    "accounts.still_in_service": "这位职工还在职。",
    "accounts.second_factor_unknown": "没有绑定动态口令。",
    "clinic.assigned_already": "已经分配到这个科室。",
    "clinic.assignment_times_wrong": "最后一天不能早于今天，代班最长三个月。",
    "clinic.stand_in_refused": "代班要填一位在职、同岗位的同事的工号。",
}
LINES_SHOWN = 50


def people_links(staff: Staff) -> list[StaffLink]:
    """人员管理, for the administrator."""
    if staff.role != Role.ADMINISTRATOR:
        return []
    href = f"/staff/{staff.hospital.code}/people/"
    return [StaffLink("人员", href, order=80, icon="person", detail="入职、岗位、科室、离职")]


@page(not_by_badge(by_staff(Role.ADMINISTRATOR)))
def people(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody who works here or did, by number, fifty a page."""
    hospital = staff_of(request).hospital
    running = Assignment.objects.not_over(clock.now()).select_related("department")
    rows = Staff.objects.of_hospital(hospital.pk).order_by("number")
    number = request.GET.get("number", "").strip()[:20]
    if number:
        rows = rows.filter(number__istartswith=number)
    rows = rows.prefetch_related(Prefetch("assignment_set", running, to_attr="works_in"))
    shown = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    frame = staff_frame(request, heading="人员", code=code, rows=shown, number=number)
    return render(request, "clinic/people.html", frame)


@page(by_staff(Role.ADMINISTRATOR, strong=True))
def hire(request: HttpRequest, code: str) -> HttpResponse:
    """Somebody new; the one-time password is shown this once."""
    admin = staff_of(request)
    form = HireForm(request.POST or None)
    form.fields["department"].offer(admin.hospital)  # type: ignore[attr-defined]  # our own field
    if request.method == "POST" and form.is_valid():
        password = one_time_password()
        try:
            answer = form_command(request, lambda: _hire(form, admin=admin, password=password).pk)
        except DomainError as refusal:
            say_refusal(request, refusal, words=PEOPLE_REFUSALS)
        else:
            return _told(request, answer, password=password)
    frame = staff_frame(request, heading="办理入职", code=code, form=form)
    return render(request, "clinic/hire.html", frame, status=422 if form.errors else 200)


def _hire(form: HireForm, *, admin: Staff, password: OneTimePassword) -> Staff:
    """With the department, and as the doctor of the directory, in one command."""
    said = form.cleaned_data
    post = Post(number=said["number"], name=said["name"], role=said["role"])
    made = hire_staff(hospital=admin.hospital, post=post, password=password, by=admin)
    if said["department"]:
        assign_department(
            staff_id=made.pk,
            department_id=UUID(said["department"]),
            times=Times(since=clock.now()),
            hospital=admin.hospital,
            by=admin,
        )
    link_doctor(staff=made)
    return made


def _told(request: HttpRequest, answer: Answer, *, password: OneTimePassword) -> HttpResponse:
    """What to hand over: it is nowhere else, and a repeated form does not show it again."""
    found = Staff.objects.select_related("account", "hospital").get(pk=answer.object_id)
    context = {
        "person": found,
        "password": "" if answer.is_replay else password.plain,
        "code": found.hospital.code,
    }
    frame = staff_frame(request, heading="一次性密码", **context)
    return render(request, "clinic/one_time_password.html", frame)


@page(by_staff(Role.ADMINISTRATOR, strong=True))
def person(request: HttpRequest, *, code: str, staff_id: UUID) -> HttpResponse:
    """One staff member: what they are, where they work, what was done, what can be done."""
    admin = staff_of(request)
    found = Staff.objects.of_hospital(admin.hospital_id).filter(pk=staff_id).first()
    if found is None:
        raise Http404
    forms = _forms(request, found)
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act in {"reset", "return"}:
            return _new_password(request, found, act=act)
        if _act(request, found, forms=forms):
            return redirect("clinic_person", code=code, staff_id=staff_id)
    lines = StaffChange.objects.of_hospital(admin.hospital_id).filter(staff=found)
    running = Assignment.objects.not_over(clock.now()).filter(staff=found)
    context = {
        "person": found,
        "works_in": running.select_related("department", "stands_in_for").order_by("since"),
        "lines": lines.select_related("by")[:LINES_SHOWN],
        "has_factor": SecondFactor.objects.filter(account_id=found.account_id).exists(),
        "key": uuid4(),
        **forms,
    }
    frame = staff_frame(request, heading=f"{found.number} {found.name}", code=code, **context)
    refused = any(form.errors for form in forms.values())
    return render(request, "clinic/person.html", frame, status=422 if refused else 200)


def _forms(request: HttpRequest, found: Staff) -> dict[str, Any]:
    """The three forms of the page, the sent one with what was said."""
    act = request.POST.get("act", "")
    kinds = {"role": RoleForm, "assign": AssignForm, "stand_in": StandInForm}
    forms: dict[str, Any] = {}
    for name, kind in kinds.items():
        forms[f"{name}_form"] = kind(
            request.POST if act == name else None, initial={"role": found.role}
        )
    for name in ("assign_form", "stand_in_form"):
        forms[name].fields["department"].offer(found.hospital)
    return forms


def _new_password(request: HttpRequest, found: Staff, *, act: str) -> HttpResponse:
    """A password that is shown once, for somebody who forgot theirs or comes back."""
    admin = staff_of(request)
    password = one_time_password()

    def do() -> UUID:
        if act == "reset":
            return reset_password(
                staff_id=found.pk, password=password, hospital=admin.hospital, by=admin
            ).pk
        return return_to_service(staff_id=found.pk, role=found.role, password=password, by=admin).pk

    try:
        answer = form_command(request, do)
    except DomainError as refusal:
        say_refusal(request, refusal, words=PEOPLE_REFUSALS)
        return redirect(request.path)
    return _told(request, answer, password=password)


def _act(request: HttpRequest, found: Staff, *, forms: dict[str, Any]) -> bool:
    """Carry out what was pressed; whether the page is left."""
    act = request.POST.get("act", "")
    form = forms.get(f"{act}_form")
    if form is not None and not form.is_valid():
        return False
    verb = _verbs(request, found, form).get(act)
    if verb is None:
        raise Http404
    try:
        form_command(request, lambda: verb().pk)
    except DomainError as refusal:
        say_refusal(request, refusal, words=PEOPLE_REFUSALS)
    else:
        messages.success(request, "已经办好。")
    return True


def _verbs(request: HttpRequest, found: Staff, form: Any) -> dict[str, Callable[[], Any]]:  # noqa: PLR0917 - as one says it
    """What can be done about somebody, by the name of its button."""
    admin = staff_of(request)
    return {
        "role": lambda: change_role(staff_id=found.pk, role=form.cleaned_data["role"], by=admin),
        "assign": lambda: assign_department(
            staff_id=found.pk,
            department_id=form.department_id,
            times=Times(since=clock.now(), until=form.until),
            hospital=admin.hospital,
            by=admin,
        ),
        "stand_in": lambda: stand_in(
            staff_id=found.pk,
            department_id=form.department_id,
            for_number=form.cleaned_data["for_number"],
            times=Times(since=clock.now(), until=form.until),
            by=admin,
        ),
        "unassign": lambda: end_assignment(
            assignment_id=_key(request.POST.get("assignment_id", "")), by=admin
        ),
        "factor": lambda: remove_second_factor(staff_id=found.pk, by=admin),
        "end": lambda: end_service(staff_id=found.pk, by=admin),
    }


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as trouble:
        raise Http404 from trouble
