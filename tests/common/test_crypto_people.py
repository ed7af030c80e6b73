"""A person's own key: destroying it erases what it closed, and the rows stay."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from common import clock, crypto
from common.commands import command, write
from common.crypto import destroy_person_key, forget_keys
from common.fields import ERASED_TEXT, Erased, ErasedBytes, ErasedJSON, ErasedText
from common.ids import new_id
from common.models import PersonKey
from common.remembering import Remembered
from notifications.inbox import Inbox
from notifications.models import Grade, Message
from patients.models import Patient
from tests import make


def message(patient: Patient, **facts: str) -> Message:
    now = clock.now()
    return Message(
        hospital=patient.hospital,
        account=patient.grant_set.get().account,
        patient=patient,
        template="told",
        grade=Grade.G3,
        about_id=patient.pk,
        about_kind="patients.patient",
        dedupe_key=str(new_id()),
        facts=facts,
        due_at=now,
        expires_at=now + timedelta(days=1),
        status=Message.Status.SENT,
        made_at=now,
    )


def told(*patients: Patient) -> None:
    with command():
        for patient in patients:
            write(message(patient, room="203"))


@pytest.mark.django_db
def test_after_its_key_is_destroyed_a_message_is_gone_and_its_row_is_not() -> None:
    first, second = make.patient(), make.patient()
    told(first, second)

    destroyed = destroy_person_key(hospital_id=first.hospital_id, owner_id=first.pk)

    gone, kept = Message.objects.get(patient=first), Message.objects.get(patient=second)
    assert destroyed == 1
    assert isinstance(gone.facts, ErasedJSON)
    assert dict(gone.facts) == {}
    assert kept.facts == {"room": "203"}
    key = PersonKey.objects.get(owner_id=first.pk)
    assert key.wrapped is None
    assert key.destroyed_at is not None


@pytest.mark.django_db
def test_the_inbox_says_that_the_words_are_gone() -> None:
    patient = make.patient()
    make.template(hospital=patient.hospital, code="told", body="请到 {room} 诊室")
    told(patient)
    destroy_person_key(hospital_id=patient.hospital_id, owner_id=patient.pk)
    inbox = Inbox(patient.grant_set.get().account_id)

    shown = [inbox.shown(one).text for one in inbox.messages()]

    assert shown == [ERASED_TEXT]


@pytest.mark.django_db
def test_a_list_finds_the_keys_of_all_its_people_with_one_query() -> None:
    hospital = make.hospital()
    told(*[make.patient(hospital=hospital) for _ in range(5)])
    forget_keys()

    with CaptureQueriesContext(connection) as asked:
        read = [one.facts["room"] for one in Message.objects.all()]

    assert read == ["203"] * 5
    assert len(asked) == 3  # the messages, their persons' keys, the hospital's key


@pytest.mark.django_db
def test_writing_about_many_people_makes_their_keys_together() -> None:
    hospital = make.hospital()
    patients = [make.patient(hospital=hospital) for _ in range(5)]

    with CaptureQueriesContext(connection) as asked:
        told(*patients)

    assert PersonKey.objects.count() == 5
    assert len([one for one in asked if "personkey" in one["sql"]]) == 4


@pytest.mark.django_db
def test_saving_an_erased_row_again_keeps_it_erased() -> None:
    patient = make.patient()
    told(patient)
    destroy_person_key(hospital_id=patient.hospital_id, owner_id=patient.pk)
    gone = Message.objects.get()
    unread = Message.objects.get()

    assert isinstance(gone.facts, Erased)
    gone.save()
    unread.save()

    assert isinstance(Message.objects.get().facts, Erased)
    assert PersonKey.objects.count() == 1


@pytest.mark.django_db
def test_what_is_written_after_the_destruction_has_a_new_key() -> None:
    patient = make.patient()
    told(patient)
    destroy_person_key(hospital_id=patient.hospital_id, owner_id=patient.pk)

    told(patient)

    assert sorted(len(one.facts) for one in Message.objects.all()) == [0, 1]
    assert destroy_person_key(hospital_id=patient.hospital_id, owner_id=patient.pk) == 1
    assert destroy_person_key(hospital_id=patient.hospital_id, owner_id=patient.pk) == 0
    assert PersonKey.objects.filter(wrapped=None).count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_persons_key_that_rolls_back_is_not_used_again() -> None:
    patient = make.patient()
    with transaction.atomic():
        message(patient, room="203").save()
        transaction.set_rollback(True)

    told(patient)
    forget_keys()

    assert Message.objects.get().facts == {"room": "203"}


def test_what_is_erased_is_text_bytes_or_json_that_says_so() -> None:
    assert ErasedText(ERASED_TEXT) == "已删除"
    assert ErasedBytes() == b""
    assert issubclass(ErasedText, Erased)


def test_what_is_remembered_is_bounded_in_number_and_age() -> None:
    at = [0.0]
    remembered: Remembered[int, str] = Remembered(most=3, seconds=30, now=lambda: at[0])
    for number in range(5):
        remembered.put(number, "key")
    before = [number for number in range(5) if remembered.get(number)]

    at[0] = 31.0
    after = [number for number in range(5) if remembered.get(number)]

    assert before == [2, 3, 4]
    assert after == []
    assert len(remembered) == 0


@pytest.mark.django_db
def test_a_key_never_shows_its_secret() -> None:
    hospital = make.hospital()
    key = crypto.newest_key(hospital.pk, "person")

    assert key.secret.hex() not in repr(key)
    assert repr(key.secret) not in f"{key!r} {key!s} {[key]}"
