"""The story of one visit, put together as it stands now (就诊记录).

What is shown on the phone and what is printed are made here once, as the template `visit_record`
of papers wants it: every text ready to be read.
"""

from datetime import datetime

from common import clock
from papers.typeset import JSON
from patients.documents import masked, years_between
from patients.models import Patient
from records.told import bed_of, conclusion_of, prescriptions_of, reports_of, results_of
from results.reading import Shown
from visits.models import Order, Visit, VisitQuerySet

TITLES = {
    Visit.Kind.OUTPATIENT: "门诊就诊记录",
    Visit.Kind.INPATIENT: "住院就诊记录",
}
STILL_OPEN = "出具时就诊尚未结束，之后的内容请重新出具。"


def with_what_a_record_needs(visits: VisitQuerySet) -> VisitQuerySet:
    """The visits, each with the rows its record speaks of."""
    return visits.select_related("hospital", "patient", "department", "doctor")


def compose_record(visit: Visit) -> dict[str, JSON]:
    """What happened at the visit, without what drawing a paper adds."""
    is_open = visit.status == Visit.Status.OPEN
    return {
        "title": title_of(visit),
        "issued": {"note": STILL_OPEN if is_open else ""},
        "patient": _patient(visit.patient, on=visit.began_at),
        "visits": [_visit(visit)],
    }


def title_of(visit: Visit) -> str:
    """门诊就诊记录, or 住院就诊记录."""
    return TITLES[Visit.Kind(visit.kind)]


def _patient(patient: Patient, *, on: datetime) -> dict[str, JSON]:
    years = years_between(patient.born_on, clock.local(on).date())
    return {
        "name": patient.name,
        "gender": patient.get_sex_display(),
        "age": f"{years} 岁" if years else "不满 1 岁",
        "birth_on": f"{patient.born_on:%Y-%m-%d}",
        "document": masked(patient.document_number),
        "number": patient.number,
    }


def _visit(visit: Visit) -> dict[str, JSON]:
    doctor = visit.doctor
    reports = reports_of(visit)
    is_stay = visit.kind == Visit.Kind.INPATIENT
    kind = visit.get_kind_display()
    return {
        "department": visit.department.name,
        "doctor": f"{doctor.name} {doctor.title}".strip() if doctor else "",
        "at": _span(visit),
        "kind": f"{kind} {bed_of(visit)}".strip() if is_stay else kind,
        "orders": [_order(order, reports=reports.get(order.pk, [])) for order in _orders(visit)],
        "prescriptions": prescriptions_of(visit),
    }


def _span(visit: Visit) -> str:
    """When it was: an outpatient's beginning, a stay's days."""
    if visit.kind == Visit.Kind.OUTPATIENT:
        return shown_time(visit.began_at)
    last = f"{clock.local(visit.ended_at):%Y-%m-%d}" if visit.ended_at else "今"
    return f"{clock.local(visit.began_at):%Y-%m-%d} 至 {last}"


def _orders(visit: Visit) -> list[Order]:
    """Everything that was asked for and not taken back, as it was asked for."""
    orders = Order.objects.filter(hospital_id=visit.hospital_id, visit=visit)
    return list(orders.exclude(status=Order.Status.WITHDRAWN).order_by("placed_at", "pk"))


def _order(order: Order, *, reports: list[Shown]) -> dict[str, JSON]:
    return {
        "name": order.name,
        "ordered_at": shown_time(order.placed_at),
        "performed_at": shown_time(order.performed_at) if order.performed_at else "",
        "state": order.get_status_display(),
        "results": results_of(reports),
        "conclusion": conclusion_of(reports),
    }


def shown_time(at: datetime) -> str:
    """`2026-03-02 09:12`, on the hospital's wall."""
    return f"{clock.local(at):%Y-%m-%d %H:%M}"
