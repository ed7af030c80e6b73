"""The access log stays as it was written, and who changes it all the same is found."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from hospitals.models import Hospital
from patients.access import show_record
from patients.models import AccessLine, AccessSeal, Patient
from tests import make
from tests.make import reading
from visits.actions.seal import faults_of, seal_access_logs

pytestmark = pytest.mark.django_db
AT_ONCE = timedelta(seconds=-1)
TABLES = ("patients_accessline", "patients_accessseal")


def read(patient: Patient, *, times: int = 1) -> None:
    """A doctor reads."""
    doctor = reading.reader(patient)
    for _ in range(times):
        show_record(staff=doctor, patients=[patient], shown="report", reason="open visit")


@pytest.fixture
def hospital() -> Hospital:
    """A hospital with two seals over five lines."""
    patient = make.patient()
    read(patient, times=3)
    seal_access_logs(settled=AT_ONCE)
    read(patient, times=2)
    seal_access_logs(settled=AT_ONCE)
    return patient.hospital


@contextmanager
def unguarded() -> Iterator[None]:
    """The triggers are gone, as for somebody who owns the database."""
    with connection.cursor() as cursor:
        for table in TABLES:
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
    yield


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("deed", ["UPDATE {} SET made_at = at", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_delete(
    hospital: Hospital, table: str, deed: str
) -> None:
    sql = deed.format(table).replace("made_at = at", "id = id")

    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)

    assert AccessLine.objects.count() == 5


def test_every_line_has_one_seal_and_a_second_sweep_finds_nothing(hospital: Hospital) -> None:
    assert [seal.lines for seal in AccessSeal.objects.order_by("number")] == [3, 2]
    assert seal_access_logs(settled=AT_ONCE) == 0
    assert faults_of(hospital) == []


def test_a_line_that_may_still_be_uncommitted_waits_for_the_next_seal() -> None:
    read(make.patient())

    assert seal_access_logs() == 0


def test_a_changed_line_is_found(hospital: Hospital) -> None:
    line = AccessLine.objects.order_by("pk")[1]

    with unguarded():
        AccessLine.objects.filter(pk=line.pk).update(reason="ward")

    assert faults_of(hospital) == ["seal 1: a line was changed"]


def test_a_deleted_line_and_a_deleted_seal_are_found(hospital: Hospital) -> None:
    newest = AccessLine.objects.order_by("-pk")[0]

    with unguarded():
        AccessLine.objects.filter(pk=newest.pk).delete()
        AccessSeal.objects.filter(number=1).delete()

    assert "the first seal is 2" in faults_of(hospital)
    assert "seal 2 covers 2 lines, 4 are there" in faults_of(hospital)


def test_a_line_slipped_in_later_is_found(hospital: Hospital) -> None:
    first = AccessLine.objects.order_by("pk")[0]

    first.pk = first.pk.__class__(int=first.pk.int + 1)
    first.save(force_insert=True)

    assert faults_of(hospital) == ["seal 1 covers 3 lines, 4 are there"]


def test_the_command_says_that_all_is_well_or_fails(
    hospital: Hospital, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify_access_log", hospital.code)

    assert "2 seals" in capsys.readouterr().out
    with unguarded():
        AccessLine.objects.update(role="nurse")
    with pytest.raises(CommandError, match="a line was changed"):
        call_command("verify_access_log", hospital.code)
