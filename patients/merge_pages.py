"""The records office's pages about charts that may be one person (疑似重复档案)."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.frames import StaffLink, staff_frame
from accounts.models import Role, Staff
from accounts.rules import by_staff, staff_of
from common.errors import DomainError
from common.pages import form_command, page, say_refusal
from patients.access import show_record
from patients.actions.decide_review import join_patients, keep_apart, split_patients
from patients.actions.open_review import open_merge_review
from patients.documents import masked, masked_phone
from patients.errors import PatientUnknown
from patients.models import MergeReason, MergeReview, Patient
from patients.words import RECORDS_OFFICE_WORDS

ROLE = Role.RECORDS_OFFICE
MOST_SHOWN = 50
TABS = {"open": "待审核", "joined": "已合并", "apart": "不合并", "split": "已撤销合并"}


class NameForm(forms.Form):
    """Two patient numbers that may be one person."""

    idempotency_key = forms.CharField(widget=forms.HiddenInput, initial=uuid4)
    first = forms.CharField(label="第一个门诊号", max_length=20)
    second = forms.CharField(label="第二个门诊号", max_length=20)
    evidence = forms.CharField(
        label="依据", max_length=200, help_text="看到了什么，不必写姓名和证件号"
    )


class DecisionForm(forms.Form):
    """What the records office decides, and why."""

    idempotency_key = forms.CharField(widget=forms.HiddenInput, initial=uuid4)
    decision = forms.ChoiceField(label="结论", widget=forms.RadioSelect)
    because = forms.CharField(label="理由", max_length=200)

    def __init__(self, review: MergeReview, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict or nothing
        open_choices = [
            (f"join:{review.first_id}", f"是同一人，以 {review.first.number} 为主"),
            (f"join:{review.second_id}", f"是同一人，以 {review.second.number} 为主"),
            ("apart", "不是同一人"),
        ]
        is_open = review.status == MergeReview.Status.OPEN
        choices = open_choices if is_open else [("split", "撤销合并，恢复为两份档案")]
        self.fields["decision"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


@dataclass(frozen=True)
class Compared:
    """One line of the comparison."""

    label: str
    first: str
    second: str
    is_same: bool


@require_http_methods(["GET", "POST"])
@page(by_staff(ROLE))
def reviews(request: HttpRequest, code: str) -> HttpResponse:
    """The reviews of one status, the oldest question first; the form names two numbers."""
    staff = staff_of(request)
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer = form_command(request, lambda: _name(staff, form))
        except DomainError as refusal:
            say_refusal(request, refusal, words=RECORDS_OFFICE_WORDS)
        else:
            return redirect("patients_merge_review", code=code, review_id=answer.object_id)
    status = request.GET.get("status", "open")
    rows = MergeReview.objects.filter(hospital=staff.hospital, status=status)
    listed = Paginator(rows.select_related("first", "second").order_by("pk"), MOST_SHOWN)
    shown = listed.get_page(request.GET.get("page"))
    _note(staff, [one for row in shown for one in (row.first, row.second)], shown="merge_reviews")
    frame = staff_frame(
        request, heading="档案核对", code=code, form=form, shown=shown, tabs=TABS, status=status
    )
    return render(request, "patients/merge_reviews.html", frame, status=422 if form.errors else 200)


def _name(staff: Staff, form: NameForm) -> UUID:
    return open_merge_review(
        first=patient_numbered(staff, form.cleaned_data["first"]),
        second=patient_numbered(staff, form.cleaned_data["second"]),
        reason=MergeReason.NAMED,
        evidence=form.cleaned_data["evidence"],
        staff=staff,
    ).pk


def patient_numbered(staff: Staff, number: str) -> Patient:
    """The patient of the staff member's hospital with this number. Raises PatientUnknown."""
    found = Patient.objects.filter(hospital_id=staff.hospital_id, number=number.strip()).first()
    if found is None:
        raise PatientUnknown
    return found


@require_http_methods(["GET", "POST"])
@page(by_staff(ROLE))
def review_page(request: HttpRequest, *, code: str, review_id: UUID) -> HttpResponse:
    """Both charts side by side, what differs marked; the form decides or takes back."""
    staff = staff_of(request)
    review = (
        MergeReview.objects.filter(hospital=staff.hospital, pk=review_id)
        .select_related("first", "second", "leading", "decided_by", "split_by")
        .first()
    )
    if review is None:
        raise Http404
    form = DecisionForm(review, request.POST or None)
    if request.method == "POST" and form.is_valid() and _decide(request, review, form=form):
        return redirect(request.path)
    _note(staff, [review.first, review.second], shown="merge_review")
    frame = staff_frame(
        request,
        heading="核对两份档案",
        code=code,
        review=review,
        lines=compared(review.first, review.second),
        form=form,
        can_decide=bool(MergeReview.MOVES[review.status]),
    )
    return render(request, "patients/merge_review.html", frame, status=422 if form.errors else 200)


def _decide(request: HttpRequest, review: MergeReview, *, form: DecisionForm) -> bool:
    staff, because = staff_of(request), form.cleaned_data["because"]
    verb, _, leading = form.cleaned_data["decision"].partition(":")
    acts: dict[str, Callable[[], MergeReview]] = {
        "join": lambda: join_patients(
            review_id=review.pk, leading_id=UUID(leading), staff=staff, because=because
        ),
        "apart": lambda: keep_apart(review_id=review.pk, staff=staff, because=because),
        "split": lambda: split_patients(review_id=review.pk, staff=staff, because=because),
    }
    try:
        form_command(request, lambda: acts[verb]().pk)
    except DomainError as refusal:
        say_refusal(request, refusal, words=RECORDS_OFFICE_WORDS)
        return False
    messages.success(request, "已经记下。")
    return True


def compared(first: Patient, second: Patient) -> list[Compared]:
    """What a person needs to tell two charts apart: numbers masked, but compared whole."""
    numbers = (first.document_number, second.document_number)
    phones = (first.phone, second.phone)
    kinds = (first.get_document_type_display(), second.get_document_type_display())
    shown = [
        ("姓名", first.name, second.name),
        ("出生日期", f"{first.born_on}", f"{second.born_on}"),
        ("性别", first.get_sex_display(), second.get_sex_display()),
        ("证件类型", *kinds),
    ]
    lines = [Compared(label, one, other, is_same=one == other) for label, one, other in shown]
    return [
        *lines,
        Compared("证件号", masked(numbers[0]), masked(numbers[1]), numbers[0] == numbers[1]),
        Compared(
            "手机号", masked_phone(phones[0]), masked_phone(phones[1]), phones[0] == phones[1]
        ),
    ]


def _note(staff: Staff, patients: list[Patient], *, shown: str) -> None:
    if patients:
        show_record(patients=patients, shown=shown, reason="merge review", staff=staff)


def review_link(staff: Staff) -> list[StaffLink]:
    """档案核对 and 死亡登记, for the records office alone."""
    if staff.role != ROLE:
        return []
    waiting = MergeReview.objects.filter(hospital=staff.hospital, status="open").count()
    root = f"/staff/{staff.hospital.code}"
    return [
        StaffLink("档案核对", f"{root}/merge-reviews/", order=30, icon="person", count=waiting),
        StaffLink("死亡登记", f"{root}/deaths/", order=31, icon="paper"),
    ]
