"""Invariant 7 under any reading in any order: whoever was shown somebody's name has a line today.

The model looks at the answers alone: a name that stands in one was disclosed.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from rest_framework.test import APIClient

from accounts.models import Account, Role, Staff
from common import clock
from notifications.actions.open_task import open_task
from patients.models import AccessLine, Patient, Relation
from patients.quota import midnight
from queueing.actions.call import call_next
from tests import make
from tests.make import inpatient as at_ward
from tests.make import pharmacy as at_pharmacy
from tests.make import queueing as at_queue
from tests.make import reading
from tests.rolled_back import RolledBackWorld

NAMES = ("欧阳静", "司马迁", "诸葛亮")  # in the room, at the pharmacy, on the ward
READERS = ("doctor", "nurse", "pharmacist", "stranger", "office", "auditor", "daughter", "herself")
STAFF_PAGES = (
    "queues/{queue}/",
    "queues/{queue}/live/",
    "pharmacy/",
    "pharmacy/{prescription}/",
    "wards/{ward}/",
    "admissions/{stay}/",
    "admissions/{stay}/live/",
    "patients/{patient}/",
    "patients/{patient}/reason/",
    "patients/{patient}/reports/",
    "tasks/",
    "audit/",
)
PHONE_PAGES = ("me/", "", "visits/", "visits/today/", "reports/", "prescriptions/", "stay/", "due/")


class Reading(RuleBasedStateMachine):
    """Three patients, seven readers who are not them, and one who is."""

    def __init__(self) -> None:
        super().__init__()
        self.world = RolledBackWorld()
        self.world.__enter__()
        self.shown: set[tuple[str, UUID]] = set()  # today, by what the answers said

    @initialize()
    def open_the_hospital(self) -> None:
        """Somebody sits in the room, somebody waits for drugs, somebody lies on the ward."""
        clock.shift(timedelta(minutes=10))
        slot = at_queue.clinic_today()
        self.hospital, number = slot.hospital, make.resident_id()
        herself, daughter = make.account(), make.account()
        first = self._patient(herself, 0, document_number=number)
        self._patient(daughter, 0, document_number=number, relation=Relation.FAMILY)
        make.patient(hospital=self.hospital, account=daughter, name="皇甫嵩")
        others = [self._patient(make.account(), place) for place in (1, 2)]
        self.patients = [first, *others]
        at_queue.arrived(slot, appointment=at_queue.booked(slot, patient=first, account=herself))
        doctor = at_queue.doctor_of(slot)
        call_next(queue_id=slot.session_id, staff=doctor)
        prescription = at_pharmacy.paid_prescription(patient=others[0])
        ward = at_ward.ward(hospital=self.hospital)
        stay = at_ward.admission(ward=ward, patient=others[1])
        role, due = Role.BOOKING_OFFICE, clock.now()
        open_task(role=role, kind="call", patient=first, about=first, due_at=due)
        self.keys = {
            "queue": slot.session_id,
            "prescription": prescription.pk,
            "ward": ward.pk,
            "stay": stay.pk,
        }
        self.readers: dict[str, Staff | Account] = {
            "doctor": doctor,
            "nurse": at_ward.nurse(hospital=self.hospital),
            "pharmacist": at_pharmacy.pharmacist(hospital=self.hospital),
            "stranger": reading.reader(first),
            "office": reading.reader(first, role=Role.BOOKING_OFFICE),
            "auditor": reading.reader(first, role=Role.AUDITOR),
            "daughter": daughter,
            "herself": herself,
        }
        self.clients = {who: make.signed_in_client(one) for who, one in self.readers.items()}

    def _patient(self, account: Account, place: int, **said: Any) -> Patient:
        return make.patient(hospital=self.hospital, account=account, name=NAMES[place], **said)

    @rule(who=st.sampled_from(READERS), page=st.integers(0, 11), whom=st.integers(0, 2))
    def read(self, who: str, page: int, whom: int) -> None:
        """Open a page; every full name on it was disclosed to the reader."""
        is_staff = isinstance(self.readers[who], Staff)
        pages, top = (STAFF_PAGES, "staff") if is_staff else (PHONE_PAGES, "m")
        path = pages[page % len(pages)].format(**self.keys, patient=self.patients[whom].pk)
        client: APIClient = self.clients[who]
        answer = client.get(f"/{top}/{self.hospital.code}/{path}", follow=True)
        assert answer.status_code in {200, 204, 403, 404}
        said = answer.content.decode()
        self.shown |= {(who, one.pk) for one in self.patients if one.name in said}

    @rule(who=st.sampled_from(READERS[:5]), whom=st.integers(0, 2))
    def say_why(self, who: str, whom: int) -> None:
        """Read urgently, where the role may."""
        form = {"idempotency_key": f"{clock.now()}{who}{whom}", "kind": "emergency"}
        address = f"/staff/{self.hospital.code}/patients/{self.patients[whom].pk}/reason/"
        self.clients[who].post(address, {**form, "words": reading.WHY})

    @rule(whom=st.integers(0, 2))
    def mark(self, whom: int) -> None:
        """From now on everybody is asked about them."""
        reading.marked(self.patients[whom])

    @rule(hours=st.sampled_from([1, 24]))
    def time_passes(self, hours: int) -> None:
        """Urgent readings end; a new day asks for new lines."""
        before = clock.today()
        clock.shift(timedelta(hours=hours))
        if clock.today() != before:
            self.shown = set()

    @invariant()
    def whoever_was_shown_somebody_has_a_line_today(self) -> None:
        """And the person's own reading leaves none."""
        lines = AccessLine.objects.since(midnight(clock.today()))
        left = {
            (line.staff_id or line.account_id, line.patient_id) for line in lines.order_by("pk")
        }
        for who, patient_id in self.shown:
            has_line = (self.readers[who].pk, patient_id) in left
            assert has_line is (who != "herself"), who

    def teardown(self) -> None:
        """Forget everything."""
        self.world.__exit__(None, None, None)


@pytest.mark.django_db
def test_each_disclosure_has_its_line_whatever_is_read() -> None:
    run_state_machine_as_test(Reading, settings=settings(max_examples=6, stateful_step_count=25))
