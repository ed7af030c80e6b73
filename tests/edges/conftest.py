"""One hospital's morning for the whole file; what a test changes in it is rolled back."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker
from rest_framework.test import APIClient

from accounts.models import Account, Role
from common import clock
from hospitals.models import Hospital
from interop.actions.receive import receive_hl7
from patients.models import Patient
from payments.models import Charge
from results.actions.file import file_report
from tests import make
from tests.conftest import MORNING
from tests.edges.addresses import Address
from tests.interop import reading
from tests.make import inpatient as on_ward
from tests.make import pharmacy as at_pharmacy
from tests.make import queueing as at_queue
from tests.make import results as at_laboratory
from tests.make.interop import hl7_sender
from tests.papers.conftest import seal, seal_folder
from tests.rolled_back import RolledBackWorld

__all__ = ["seal", "seal_folder"]

CODE, ELSEWHERE = "edges", "elsewhere"


class World:
    """A patient who waits, lies on a ward, has results and drugs; staff of every role."""

    def __init__(self) -> None:
        self.hospital: Hospital = make.hospital(code=CODE)
        self.account: Account = make.account()
        self.patient: Patient = make.patient(
            hospital=self.hospital, account=self.account, name="欧阳𬱖"
        )
        self.elsewhere: Hospital = make.hospital(code=ELSEWHERE)
        self.sender = hl7_sender(hospital=self.hospital)
        self.known: dict[str, Any] = self._rows()
        self._clients: dict[str, APIClient] = {}

    def _rows(self) -> dict[str, Any]:
        """Rows by the name under which addresses ask for them."""
        slot = at_queue.clinic_today(hospital=self.hospital)
        booked = at_queue.booked(slot, patient=self.patient, account=self.account)
        ticket = at_queue.arrived(slot, appointment=booked)
        ward = on_ward.ward(hospital=self.hospital)
        in_bed = on_ward.admission(ward=ward, patient=make.patient(hospital=self.hospital))
        drugs = at_pharmacy.prescription(patient=self.patient)
        order = at_laboratory.order(patient=self.patient)
        report = file_report(order=order, issued=at_laboratory.issued(order))
        return {
            "admission_id": in_bed.pk,
            "appointment_id": booked.pk,
            "department_id": slot.session.department_id,
            "patient_id": self.patient.pk,
            "place_id": slot.session.department_id,
            "prescription_id": drugs.pk,
            "queue_id": slot.session_id,
            "received_id": receive_hl7(
                sender=self.sender, body=reading.body("broken_line")
            ).received_id,
            "report_id": report.pk,
            "slot_id": slot.pk,
            "stay_id": in_bed.pk,
            "ticket_id": ticket.pk,
            "visit_id": ticket.visit_id,
            "ward_id": ward.pk,
        }

    @property
    def charge(self) -> Charge:
        """Something that is to be paid."""
        charge: Charge = Charge.objects.filter(patient=self.patient).latest("id")
        return charge

    def client(self, *, role: Role | None = None, code: str = CODE) -> APIClient:
        """Somebody's browser: the patient's, or of a staff member with the role."""
        name = f"{role} {code}"
        if name not in self._clients:
            hospital = self.hospital if code == CODE else self.elsewhere
            who = make.staff(hospital=hospital, role=role) if role else self.account
            self._clients[name] = make.signed_in_client(who)
        return self._clients[name]

    def client_for(self, address: Address, *, code: str = CODE) -> APIClient:
        """Who may open the address."""
        return self.client(role=address.role, code=code) if address.is_for_staff else self.client()


@pytest.fixture(scope="module")
def morning(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Made once; every role that a test may need is signed in before it begins."""
    with django_db_blocker.unblock(), clock.freeze(MORNING), RolledBackWorld():
        world = World()
        for role in Role:
            world.client(role=role)
            world.client(role=role, code=ELSEWHERE)
        world.client()
        yield world


@pytest.fixture
def world(morning: World, db: None) -> World:
    """The morning, as if no other test had happened."""
    return morning
