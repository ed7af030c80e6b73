"""A hospital's data key is followed by another; nothing becomes unreadable."""

import re
from datetime import timedelta
from io import StringIO
from itertools import islice
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models

from common import clock, crypto
from common.crypto_keys import key_of
from common.crypto_rotation import (
    GRACE,
    KeyStillNeeded,
    begin_rotation,
    close_anew,
    columns,
    destroy_old_keys,
    old_keys,
)
from common.models import DataKey, PersonKey
from hospitals.actions.open import PURPOSES
from hospitals.models import Hospital
from notifications.models import Message
from patients.models import Patient
from tests import make
from tests.common.test_crypto_people import told

NOT_ENCRYPTED = {
    "common_datakey.wrapped",  # by the master key
}


def binary_columns() -> set[str]:
    return {
        f"{model._meta.db_table}.{one.column}"
        for model in apps.get_models()
        for one in model._meta.concrete_fields
        if isinstance(one, models.BinaryField)
    }


def stored(table: str, column: str) -> dict[str, bytes]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {column} FROM {table}")  # noqa: S608 - names of ours
        return {str(key): bytes(value) for key, value in cursor.fetchall() if value is not None}


def key_ids(table: str, column: str) -> set[UUID]:
    return {UUID(bytes=value[1:17]) for value in stored(table, column).values()}


def age_newest(hospital: Hospital) -> None:
    """As if the rotation had begun long ago."""
    newest = DataKey.objects.filter(hospital_id=hospital.pk, purpose="person").order_by("-number")
    key = newest[0]
    key.made_at = clock.real_now() - GRACE - timedelta(seconds=1)
    key.save(update_fields=["made_at"])


def rotate(hospital: Hospital, *more: str) -> str:
    told_us = StringIO()
    call_command("rotate_keys", hospital.code, *more, stdout=told_us)
    return told_us.getvalue()


def test_every_binary_column_is_rotated_or_said_not_to_be() -> None:
    found = {
        f"{one.model._meta.db_table}.{one.field.column}"
        for purpose in PURPOSES
        for one in columns(purpose)
    }

    assert found | NOT_ENCRYPTED == binary_columns()


@pytest.mark.django_db
def test_after_a_rotation_no_row_is_under_the_old_key_and_all_read_as_before() -> None:
    hospital = make.hospital()
    names = {make.patient(hospital=hospital, name=name).pk: name for name in ("王建国", "欧阳𬱖")}
    before = key_ids("patients_patient", "name")

    said = rotate(hospital, "--purpose", "person")

    assert "patients.Patient.name: 2 closed anew, 0 left" in said
    assert "No row is left under an old key" in said
    after = key_ids("patients_patient", "name")
    assert len(after) == 1
    assert after.isdisjoint(before)
    assert {one.pk: one.name for one in Patient.objects.all()} == names


@pytest.mark.django_db
def test_another_hospital_keeps_its_key() -> None:
    mine, theirs = make.patient(), make.patient()
    before = stored("patients_patient", "name")

    rotate(mine.hospital)

    after = stored("patients_patient", "name")
    changed = {UUID(key) for key, value in after.items() if value != before[key]}
    assert changed == {mine.pk}
    assert Patient.objects.get(pk=theirs.pk).name == theirs.name


@pytest.mark.django_db
def test_a_rotation_that_was_stopped_goes_on_with_the_same_key() -> None:
    hospital = make.patient().hospital
    begin_rotation(hospital_id=hospital.pk, purpose="person")
    list(islice(close_anew(hospital_id=hospital.pk, purpose="person"), 1))

    rotate(hospital, "--purpose", "person")
    said = rotate(hospital, "--purpose", "person")

    assert "key number 2" in said
    assert "1 closed anew" not in said
    assert DataKey.objects.filter(hospital_id=hospital.pk, purpose="person").count() == 2


@pytest.mark.django_db
def test_a_key_is_destroyed_when_nobody_can_need_it() -> None:
    patient = make.patient(name="王建国")
    hospital = patient.hospital
    rotate(hospital, "--purpose", "person")
    with pytest.raises(CommandError, match="may remember"):
        call_command("destroy_keys", hospital.code)
    age_newest(hospital)

    call_command("destroy_keys", hospital.code, stdout=StringIO())

    first = DataKey.objects.get(hospital_id=hospital.pk, purpose="person", number=1)
    assert bytes(first.wrapped) == b""
    assert first.destroyed_at is not None
    assert Patient.objects.get().name == "王建国"
    assert "key number 3" in rotate(hospital, "--purpose", "person")


@pytest.mark.django_db
def test_a_key_that_a_row_needs_is_not_destroyed() -> None:
    hospital = make.hospital()
    begin_rotation(hospital_id=hospital.pk, purpose="person")
    old = old_keys(hospital.pk, "person")[0]
    patient = make.patient(hospital=hospital)
    rotate(hospital, "--purpose", "person")
    closed_late = key_of(bytes([1]) + old.pk.bytes).close("王建国".encode())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE patients_patient SET name = %s", [closed_late])
    age_newest(hospital)

    with pytest.raises(KeyStillNeeded, match=r"1 rows of patients\.Patient\.name"):
        destroy_old_keys(hospital_id=hospital.pk, purpose="person")

    assert Patient.objects.get(pk=patient.pk).name == "王建国"


@pytest.mark.django_db
def test_what_a_destroyed_key_closed_stays_closed() -> None:
    hospital = make.hospital()
    closed = crypto.encrypt(b"110", hospital_id=hospital.pk, purpose="person")
    rotate(hospital, "--purpose", "person")
    age_newest(hospital)

    destroy_old_keys(hospital_id=hospital.pk, purpose="person")

    with pytest.raises(crypto.KeyDestroyed):
        crypto.decrypt(closed)


@pytest.mark.django_db
def test_keys_of_persons_are_wrapped_anew_and_their_values_untouched() -> None:
    patient = make.patient()
    told(patient)
    values, keys = stored("notifications_message", "facts"), stored("common_personkey", "wrapped")

    rotate(patient.hospital)

    assert stored("notifications_message", "facts") == values
    assert stored("common_personkey", "wrapped") != keys
    assert Message.objects.get().facts == {"room": "203"}
    assert PersonKey.objects.count() == 1


@pytest.mark.django_db
def test_a_value_that_was_tampered_with_is_told_and_stops_nobody() -> None:
    hospital = make.hospital()
    first, second = make.patient(hospital=hospital), make.patient(hospital=hospital)
    spoiled = stored("patients_patient", "phone")
    with connection.cursor() as cursor:
        value = next(v for k, v in spoiled.items() if UUID(k) == first.pk)
        cursor.execute(
            "UPDATE patients_patient SET phone = %s WHERE number = %s",
            [value[:-1] + bytes([value[-1] ^ 1]), first.number],
        )
    told_us = StringIO()

    call_command("rotate_keys", hospital.code, stdout=StringIO(), stderr=told_us)

    assert f"row {first.pk} cannot be read" in told_us.getvalue()
    assert Patient.objects.get(pk=second.pk).phone == "13800138000"
    with pytest.raises(InvalidTag):
        Patient.objects.get(pk=first.pk)


@pytest.mark.django_db
def test_the_list_of_keys_shows_numbers_and_no_key() -> None:
    patient = make.patient()
    told(patient)
    rotate(patient.hospital, "--purpose", "person")
    told_us = StringIO()

    call_command("show_keys", patient.hospital.code, stdout=told_us)

    assert "person 1: 0 rows" in told_us.getvalue()
    assert re.search(r"person 2: [1-9] rows", told_us.getvalue())
    assert "keys of persons: 1, destroyed: 0" in told_us.getvalue()


@pytest.mark.django_db
def test_no_table_that_refuses_update_holds_a_value_under_a_hospitals_key() -> None:
    tables = {
        one.model._meta.db_table for p in PURPOSES for one in columns(p) if not owned(one.field)
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND (t.tgtype & 16) > 0"  # 16: on UPDATE
            if connection.vendor == "postgresql"
            else "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%UPDATE%'"
        )
        refusing = {name for (name,) in cursor.fetchall()}

    assert "payments_ledgerentry" in refusing
    assert tables.isdisjoint(refusing)


def owned(field: "models.Field[object, object]") -> bool:
    """Closed under a person's own key, which a rotation leaves alone."""
    return bool(getattr(field, "key_of", ""))
