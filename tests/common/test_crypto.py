"""What is encrypted can be read with its key alone, and not after one bit was changed."""

from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from common import crypto
from common.crypto import FileKeys, KeyUnknown, blind_index, decrypt, encrypt, seal, unseal
from common.ids import new_id
from common.models import DataKey
from hospitals.models import MiniProgram
from patients.models import Patient
from tests import make

KEY = bytes(range(16))


@given(st.binary(max_size=200))
def test_what_is_sealed_opens_as_it_was(plain: bytes) -> None:
    assert unseal(KEY, seal(KEY, plain)) == plain


@given(st.integers(min_value=0, max_value=28 * 8 - 1))
def test_one_changed_bit_opens_nothing(bit: int) -> None:
    sealed = bytearray(seal(KEY, b""))
    sealed[bit // 8] ^= 1 << (bit % 8)

    with pytest.raises(InvalidTag):
        unseal(KEY, bytes(sealed))


def test_the_same_value_never_looks_the_same_twice() -> None:
    assert seal(KEY, b"110") != seal(KEY, b"110")


@pytest.mark.django_db
def test_a_name_is_unreadable_in_the_database() -> None:
    patient = make.patient(name="欧阳𬱖")

    with connection.cursor() as cursor:
        cursor.execute("SELECT name, document_number, phone FROM patients_patient")
        stored = b"".join(bytes(value) for value in cursor.fetchone())

    assert "欧阳".encode() not in stored
    assert patient.document_number.encode() not in stored
    assert Patient.objects.get().name == "欧阳𬱖"


@pytest.mark.django_db
def test_a_plain_value_never_reaches_an_encrypted_column() -> None:
    make.patient()

    with pytest.raises(TypeError, match="encrypted"):
        Patient.objects.update(name="王建国")
    with pytest.raises(TypeError, match="encrypted"):
        Patient.objects.filter(name="王建国").exists()


@pytest.mark.django_db
def test_another_hospital_has_another_key() -> None:
    first, second = make.hospital(), make.hospital()

    stored = [
        encrypt(b"110", hospital_id=one.pk, purpose="person")[1:17] for one in (first, second)
    ]

    assert stored[0] != stored[1]


@pytest.mark.django_db
def test_a_hospital_that_was_not_opened_encrypts_nothing() -> None:
    with pytest.raises(KeyUnknown):
        encrypt(b"110", hospital_id=new_id(), purpose="person")


@pytest.mark.django_db
def test_without_its_data_key_a_value_stays_closed() -> None:
    hospital = make.hospital()
    stored = encrypt(b"110", hospital_id=hospital.pk, purpose="person")
    crypto.forget_keys()
    DataKey.objects.all().delete()

    with pytest.raises(KeyUnknown):
        decrypt(stored)


@pytest.mark.django_db
def test_a_providers_secret_is_encrypted_too() -> None:
    hospital = make.hospital()
    MiniProgram.objects.create(hospital=hospital, app_id="wx1", secret="s3cret")  # noqa: S106 - for the test

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM hospitals_miniprogram")
        stored = bytes(cursor.fetchone()[0])

    assert b"s3cret" not in stored


def test_a_blind_index_is_the_same_for_the_same_value_and_column_alone() -> None:
    first = blind_index("patients.document", "11010519491231002X")

    assert first == blind_index("patients.document", "11010519491231002X")
    assert first != blind_index("patients.phone", "11010519491231002X")
    assert "1101" not in first


def test_key_files_are_made_once_and_are_for_the_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "master.json"

    wrapped = FileKeys(file).wrap(KEY)

    assert FileKeys(file).unwrap(wrapped) == KEY
    assert file.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in file.parent.iterdir()] == ["master.json"]


def test_a_backup_without_its_keys_reveals_nothing(tmp_path: Path) -> None:
    wrapped = FileKeys(tmp_path / "ours.json").wrap(KEY)

    with pytest.raises(InvalidTag):
        FileKeys(tmp_path / "theirs.json").unwrap(wrapped)
