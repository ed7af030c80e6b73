"""The doctor's form for an admission (住院证)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.frames import staff_frame
from accounts.models import Role, Staff
from accounts.rules import by_staff, staff_of
from common import clock
from common.errors import DomainError
from common.pages import form_command, page, say_refusal
from inpatient import screens
from inpatient.actions.ask import ask_admission, withdraw_admission
from inpatient.forms import AskForm
from inpatient.models import Admission
from inpatient.words import REFUSALS
from patients.access import show_record
from patients.models import Patient
from visits.care import care_relation
from visits.models import Visit


@page(by_staff(Role.DOCTOR))
def patients(request: HttpRequest, code: str) -> HttpResponse:
    """Whom the doctor sees now, each with the way to the form."""
    staff = staff_of(request)
    running = Visit.objects.open().filter(
        hospital=staff.hospital, kind=Visit.Kind.OUTPATIENT, doctor__staff=staff
    )
    people = Patient.objects.filter(pk__in=running.values("patient_id")).order_by("pk")
    rows = list(people[: screens.MOST_ROWS])
    show_record(staff=staff, patients=rows, shown="visits", reason="open visit")
    live = Admission.objects.of_hospital(staff.hospital_id).live().filter(patient__in=rows)
    states = {one.patient_id: one.get_status_display() for one in live}
    shown = [(one, states.get(one.pk, "")) for one in rows]
    frame = staff_frame(request, heading="开住院证", code=code, rows=shown)
    return render(request, "inpatient/patients.html", frame)


@page(by_staff(Role.DOCTOR))
def ask(request: HttpRequest, *, code: str, patient_id: UUID) -> HttpResponse:
    """Ward and date; one that waits already can be withdrawn here."""
    staff = staff_of(request)
    patient, reason = _patient(staff, patient_id)
    known = Admission.objects.of_hospital(staff.hospital_id).live().filter(patient=patient).first()
    form = AskForm(_asked(request), initial={"wanted_on": clock.today()})
    form.offer([row.ward for row in screens.wards_of(staff.hospital)])
    if request.method == "POST" and _act(request, patient, form=form, known=known):
        return redirect(request.path)
    show_record(staff=staff, patients=[patient], shown="admission", reason=reason)
    frame = staff_frame(
        request, heading="开住院证", code=code, patient=patient, form=form, known=known
    )
    return render(request, "inpatient/ask.html", frame, status=422 if form.errors else 200)


def _asked(request: HttpRequest) -> dict[str, str] | None:
    """What the form for asking says, if that is what was pressed."""
    return request.POST.dict() if request.POST.get("act") == "ask" else None


def _patient(staff: Staff, patient_id: UUID) -> tuple[Patient, str]:
    """The patient and why the doctor may read about them. Raises Http404."""
    patient = Patient.objects.filter(hospital=staff.hospital, pk=patient_id).first()
    reason = care_relation(staff, patient) if patient else ""
    if patient is None or not reason:
        raise Http404
    return patient, reason


def _act(request: HttpRequest, patient: Patient, *, form: AskForm, known: Admission | None) -> bool:
    """Ask or withdraw; a refusal is told in words. False where the form must be shown again."""
    staff = staff_of(request)
    if form.is_bound and not form.is_valid():
        return False
    try:
        if form.is_bound:
            said = form.cleaned_data
            form_command(
                request,
                lambda: (
                    ask_admission(
                        patient_id=patient.pk,
                        ward_id=UUID(said["ward_id"]),
                        wanted_on=said["wanted_on"],
                        doctor=staff,
                    ).pk
                ),
            )
            messages.success(request, "住院证已开，病区已经看到。")
        elif known is not None:
            form_command(request, lambda: withdraw_admission(admission_id=known.pk, staff=staff).pk)
            messages.success(request, "住院证已撤销。")
    except DomainError as refusal:
        say_refusal(request, refusal, words=REFUSALS)
    return True
