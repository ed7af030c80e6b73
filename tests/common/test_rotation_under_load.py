"""A rotation while everybody reads and writes: nothing is unreadable, and nothing is lost."""

import threading
from collections.abc import Callable
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import call_command

from common.crypto_rotation import destroy_old_keys, old_keys
from common.locking import without_guard
from hospitals.models import Hospital
from notifications.models import Message
from patients.models import Patient
from tests import make
from tests.common.test_crypto_people import told
from tests.common.test_rotation import age_newest, key_ids
from tests.threads import race

pytestmark = [pytest.mark.pg, pytest.mark.django_db(transaction=True)]
PEOPLE = 12
ROTATIONS = 2


def until(stop: threading.Event, act: Callable[[], None]) -> Callable[[], int]:
    """Act again and again until told to stop; how often."""

    def run() -> int:
        times = 0
        while not stop.is_set():
            act()
            times += 1
        return times

    return run


def rotate(hospital: Hospital, *, stop: threading.Event) -> Callable[[], int]:
    def run() -> int:
        try:
            for _ in range(ROTATIONS):
                call_command("rotate_keys", hospital.code, stdout=StringIO())
                age_newest(hospital)
                destroy_old_keys(hospital_id=hospital.pk, purpose="person")
        finally:
            stop.set()
        return ROTATIONS

    return run


def read_everybody(names: dict[UUID, str]) -> Callable[[], None]:
    def read() -> None:
        assert {one.pk: one.name for one in Patient.objects.all()} == names
        assert {one.facts["room"] for one in Message.objects.all()} == {"203"}

    return read


class Writer:
    """Gives one patient a new phone number, again and again, and knows the last one."""

    def __init__(self, patient: Patient) -> None:
        self.patient = patient
        self.last = patient.phone
        self.lost = 0

    def write(self) -> None:
        self.look()
        self.last = str(int(self.last) + 1)
        self.patient.phone = self.last
        self.patient.save(update_fields=["phone"])

    def look(self) -> None:
        self.lost += Patient.objects.get(pk=self.patient.pk).phone != self.last


def test_reads_and_writes_go_on_while_keys_are_rotated_and_destroyed() -> None:
    hospital = make.hospital()
    patients = [make.patient(hospital=hospital, name=name) for name in "赵钱孙李周吴郑王冯陈褚卫"]
    told(*patients)
    stop = threading.Event()
    writer = Writer(patients[0])
    names = {one.pk: one.name for one in patients}

    ends = race(
        [
            rotate(hospital, stop=stop),
            until(stop, read_everybody(names)),
            until(stop, read_everybody(names)),
            until(stop, writer.write),
            until(stop, lambda: told(patients[1])),
        ]
    )

    assert [end for end in ends if not isinstance(end, int) or end == 0] == []
    writer.look()
    assert writer.lost == 0
    assert len(old_keys(hospital.pk, "person")) == 0
    assert len(key_ids("patients_patient", "phone")) == 1


def lost_within(tries: int) -> int:
    """How often what was written during so many rotations did not stand any more."""
    hospital = make.hospital()
    writers = [Writer(make.patient(hospital=hospital)) for _ in range(PEOPLE)]

    def write_all() -> None:
        for writer in writers:
            writer.write()

    for _ in range(tries):
        stop = threading.Event()
        race([rotate(hospital, stop=stop), until(stop, write_all)])
        if any(writer.lost for writer in writers):
            break
    return sum(writer.lost for writer in writers)


def test_what_is_written_meanwhile_is_not_written_over() -> None:
    assert lost_within(1) == 0


def test_without_the_row_locks_it_is_written_over() -> None:
    with without_guard("locks"):
        assert lost_within(20) > 0
