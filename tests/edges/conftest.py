"""One hospital's morning for the whole file; what a test changes in it is rolled back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from pytest_django import DjangoDbBlocker
from rest_framework.test import APIClient

from accounts.actions.enrol import add_device
from accounts.models import Account, Device, Role
from cards.actions.open import open_virtual_card
from common import clock
from hospitals.models import Hospital
from interop.actions.receive import receive_hl7
from notifications.actions.promise import promise_message
from notifications.models import Message
from patients.actions.consent import give_consent, publish_consent_text
from patients.actions.open_review import open_merge_review
from patients.models import ConsentPurpose, Grant, MergeReason, Patient
from payments.models import Charge, PaymentOrder
from records.actions.take import take_request
from records.models import CopyRequest
from results.actions.file import file_report
from tests import make
from tests.conftest import MORNING
from tests.edges.addresses import Address
from tests.interop import reading
from tests.make import accounts as in_accounts
from tests.make import inpatient as on_ward
from tests.make import pharmacy as at_pharmacy
from tests.make import queueing as at_queue
from tests.make import records as in_records
from tests.make import results as at_laboratory
from tests.make.interop import hl7_sender
from tests.make.settling import settlement
from tests.papers.conftest import seal, seal_folder
from tests.rolled_back import RolledBackWorld
from visits.models import Visit

__all__ = ["seal", "seal_folder"]

CODE, ELSEWHERE = "edges", "elsewhere"
CONSENT = ConsentPurpose.REMINDERS


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
        self.slot = at_queue.clinic_today(hospital=self.hospital)
        self.known: dict[str, Any] = self._rows() | self._papers() | self._of_staff()
        self._clients: dict[str, APIClient] = {}

    def _rows(self) -> dict[str, Any]:
        """Rows by the name under which addresses ask for them."""
        slot = self.slot
        in_bed = on_ward.admission(ward=on_ward.ward(hospital=self.hospital), patient=self.patient)
        booked = at_queue.booked(slot, patient=self.patient, account=self.account)
        ticket = at_queue.arrived(slot, appointment=booked)
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
            "ward_id": in_bed.ward_id,
        }

    def _papers(self) -> dict[str, Any]:
        """What the patient holds: a card, a message, a payment, a paper, a way in."""
        words = publish_consent_text(
            hospital=self.hospital, purpose=CONSENT, body="显示检查结果", what_stops="不再显示"
        )
        give_consent(
            account=self.account, hospital=self.hospital, purpose=CONSENT, version=words.version
        )
        visit = in_records.as_read(Visit.objects.filter(patient=self.patient).latest("id").pk)
        make.template(hospital=self.hospital)
        promise_message(template="told", patient=self.patient, about=self.patient)
        paid = settlement(self.charge)()
        PaymentOrder.objects.filter(pk=paid.pk).update(payer=self.account)
        self.paper = in_records.issued(visit, account=self.account)
        return {
            "card_id": open_virtual_card(patient=self.patient).pk,
            "purpose": CONSENT.value,
            "grant_id": Grant.objects.of_account(self.account.pk).get().pk,
            "login_id": in_accounts.login(self.account)[0].login_id,
            "app_id": paid.merchant.mini_program.app_id,
            "mchid": paid.merchant.mchid,
            "message_id": Message.objects.filter(account=self.account).latest("id").pk,
            "paper_id": self.paper.pk,
            "payment_id": paid.pk,
        }

    def _of_staff(self) -> dict[str, Any]:
        """What offices work at."""
        self.clerk = make.staff(hospital=self.hospital, role=Role.RECORDS_OFFICE)
        administrator = make.staff(hospital=self.hospital, role=Role.ADMINISTRATOR)
        self.double = make.patient(hospital=self.hospital)
        review = open_merge_review(
            first=self.patient, second=self.double, reason=MergeReason.NAMED, staff=self.clerk
        )
        self.copies = take_request(
            staff=self.clerk,
            document_number=self.patient.document_number,
            claimant=CopyRequest.Claimant.PATIENT,
            purpose=CopyRequest.Purpose.SELF,
        )
        device = add_device(by=administrator, name="平板", place="心内科", kind=Device.Kind.TABLET)
        return {
            "device_id": device.pk,
            "review_id": review.pk,
            "session_id": self.slot.session_id,
            "staff_id": administrator.pk,
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
def morning(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, seal_folder: Path
) -> Iterator[World]:
    """Made once; every role that a test may need is signed in before it begins."""
    sealing = override_settings(
        PAPERS_SIGNING_KEY=seal_folder / "key.pem",
        PAPERS_SIGNING_CERTIFICATE=seal_folder / "cert.pem",
        PAPERS_DEMONSTRATION_SEAL=True,
    )
    with django_db_blocker.unblock(), clock.freeze(MORNING), RolledBackWorld(), sealing:
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
