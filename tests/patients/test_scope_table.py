"""L13: what a proxy with one scope alone reaches. One row for each address of the family."""

import pytest
from rest_framework.test import APIClient

from patients.models import Grant, Patient, Relation, Scope
from results.actions.file import file_report
from tests import make
from tests.make import inpatient as wards
from tests.make import queueing as at_queue
from tests.make import results

pytestmark = pytest.mark.django_db

# An address of the patient's own, and the scopes that open it. Lists open to everybody and show
# what the scope covers; their column says with which scopes they show the patient.
ADDRESSES: dict[str, set[str]] = {
    "patients/{patient}": {"book", "pay", "queue", "reports", "inpatient"},
    "appointments/{appointment}": {"book"},
    "tickets/{ticket}": {"queue"},
    "reports/{report}": {"reports"},
    "stays/{stay}": {"inpatient"},
    "stays/{stay}/days": {"inpatient"},
}
LISTS: dict[str, tuple[str, set[str]]] = {  # what of the patient is looked for
    "appointments": ("appointment", {"book"}),
    "charges": ("charge", {"pay"}),
    "reports": ("report", {"reports"}),
    "visits": ("visit", {"reports"}),
    "stays": ("stay", {"inpatient"}),
}


class World:
    """A patient in a queue, and somebody of the family."""

    def __init__(self) -> None:
        slot = at_queue.clinic_today()
        self.ticket = at_queue.arrived(slot)
        self.patient: Patient = self.ticket.patient
        self.code = slot.hospital.code
        order = results.order(patient=self.patient)
        report = file_report(order=order, issued=results.issued(order))
        stay = wards.admission(ward=wards.ward(hospital=slot.hospital), patient=self.patient)
        self.keys = {
            "patient": self.patient.pk,
            "appointment": self.ticket.appointment_id,
            "ticket": self.ticket.pk,
            "charge": make.charge(patient=self.patient).pk,
            "report": report.pk,
            "visit": order.visit_id,
            "stay": stay.pk,
        }
        self.account = make.account()
        self.client: APIClient = make.signed_in_client(self.account)
        self.grant = Grant.objects.create(
            hospital=slot.hospital,
            account=self.account,
            patient=self.patient,
            relation=Relation.FAMILY,
            scopes=[],
            made_at=self.patient.made_at,
        )

    def allow(self, *scopes: str) -> None:
        """These scopes and no others."""
        Grant.objects.filter(pk=self.grant.pk).update(scopes=list(scopes))

    def get(self, path: str) -> tuple[int, str]:
        """Status and body."""
        answer = self.client.get(f"/api/v1/hospitals/{self.code}/{path.format_map(self.keys)}")
        return answer.status_code, answer.content.decode()


@pytest.fixture
def world() -> World:
    """One for each row."""
    return World()


@pytest.mark.parametrize("path", ADDRESSES)
def test_an_address_opens_to_its_scopes_and_is_not_there_for_others(
    world: World, path: str
) -> None:
    opened = set()
    for scope in Scope.values:
        world.allow(scope)
        status, _ = world.get(path)
        assert status in {200, 404}
        if status == 200:
            opened.add(scope)

    assert opened == ADDRESSES[path]


@pytest.mark.parametrize("path", LISTS)
def test_a_list_shows_a_patient_to_its_scopes_alone(world: World, path: str) -> None:
    what, expected = LISTS[path]
    shown = set()
    for scope in Scope.values:
        world.allow(scope)
        _, body = world.get(path)
        if str(world.keys[what]) in body:
            shown.add(scope)

    assert shown == expected
