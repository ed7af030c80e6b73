"""A backup without its keys reveals no person; the keys may lie in a KMS."""

import base64
import json
import secrets
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import ClassVar

import pytest
from cryptography.exceptions import InvalidTag
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from common.crypto import blind_index, forget_indexes, forget_keys, seal, unseal
from notifications.models import Message
from patients.models import Patient, Person
from tests import make
from tests.common.test_crypto_people import told

NAME, PHONE = "欧阳𬱖", "13912345678"


class Kms:
    """A hospital's KMS as the house sees it; counts how often it is asked."""

    MASTER: ClassVar[bytes] = bytes(range(16))
    asked: ClassVar[list[str]] = []

    def wrap(self, key: bytes) -> bytes:
        self.asked.append("wrap")
        return b"kms:" + seal(self.MASTER, key)

    def unwrap(self, wrapped: bytes) -> bytes:
        self.asked.append("unwrap")
        return unseal(self.MASTER, wrapped.removeprefix(b"kms:"))

    def index_key(self, column: str) -> bytes:
        self.asked.append(column)
        return column.encode()


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    """The keys of this test are nobody else's."""
    yield
    forget_keys()
    forget_indexes()


def everything() -> bytes:
    """Every value of every table, as a dump has them: text, and bytes in hexadecimal."""
    found: list[bytes] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of ours
            found += [as_dumped(value) for row in cursor.fetchall() for value in row]
    return b"\n".join(found)


def as_dumped(value: object) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value) + b"\n" + bytes(value).hex().encode()
    return str(value).encode()


def faces(value: str) -> set[bytes]:
    """How a value would be seen in a dump."""
    plain = value.encode()
    return {plain, plain.hex().encode(), base64.b64encode(plain)}


@pytest.mark.django_db
def test_a_dump_of_the_database_shows_no_person() -> None:
    patient = make.patient(name=NAME, phone=PHONE)
    told(patient)
    number = patient.document_number

    dump = everything()

    assert str(patient.pk).replace("-", "").encode() in dump.replace(b"-", b"")
    seen = {face for value in (NAME, PHONE, number) for face in faces(value)}
    assert [face for face in seen if face in dump] == []


@pytest.mark.django_db
def test_a_restored_backup_is_not_read_with_another_master_key(
    settings: Settings, tmp_path: Path
) -> None:
    number = make.patient(name=NAME).document_number
    told(Patient.objects.get())
    settings.KEYS_FILE = tmp_path / "theirs.json"
    forget_keys()
    forget_indexes()

    with pytest.raises(InvalidTag):
        Patient.objects.get()
    with pytest.raises(InvalidTag):
        len(Message.objects.get().facts)
    index = blind_index("person.document", f"resident_id:{number}")
    assert not Person.objects.filter(document_index=index).exists()


@pytest.mark.django_db
def test_a_kms_takes_the_files_place_and_is_asked_once_for_each_hospitals_key(
    settings: Settings,
) -> None:
    settings.KEY_PROVIDER = f"{__name__}.Kms"
    forget_keys()
    forget_indexes()
    hospital = make.hospital()
    told(*[make.patient(hospital=hospital) for _ in range(3)])
    forget_keys()
    Kms.asked.clear()

    facts = [one.facts for one in Message.objects.select_related("patient")]

    assert facts == [{"room": "203"}] * 3
    assert Kms.asked == ["unwrap", "unwrap"]  # of persons, and of what wraps persons' own keys


@pytest.mark.django_db
def test_a_new_master_key_takes_the_old_ones_place(settings: Settings, tmp_path: Path) -> None:
    hospital = make.patient(name=NAME).hospital
    old = json.loads(Path(settings.KEYS_FILE).read_text())
    new = old | {"master": secrets.token_hex(16), "former": [old["master"]]}
    both, alone = tmp_path / "both.json", tmp_path / "alone.json"
    both.write_text(json.dumps(new))
    alone.write_text(json.dumps(new | {"former": []}))

    settings.KEYS_FILE = both
    call_command("wrap_keys", stdout=StringIO())
    settings.KEYS_FILE = alone
    forget_keys()

    assert Patient.objects.get(hospital=hospital).name == NAME
