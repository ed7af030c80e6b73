"""Cards: shown by who may, read once by who may, lost and ended; the credential of nobody else."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import partial

import httpx
import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django import Settings

from accounts.models import Account, Role, Staff
from cards.actions.bind import bind_credential
from cards.actions.change import end_card, find_again, report_lost
from cards.actions.open import add_card, open_virtual_card
from cards.actions.read import read_card_code, read_card_number
from cards.codes import write_code
from cards.errors import (
    CardClosed,
    CardOfAnother,
    CardUnknown,
    CodeForAnotherUse,
    CodeUnreadable,
    CodeUsed,
    HolderPortAway,
    HolderUnproved,
)
from cards.models import Card, CardReading, Use
from cards.reading import shown_by_code
from cards.showing import fresh_code
from common import clock
from common.errors import DomainError
from common.locking import without_guard
from patients.errors import ReasonNeeded
from patients.models import AccessLine, Identifier, Patient
from sandbox.keys import make_keys
from tests import make
from tests.make import reading
from tests.sandbox.outside import Sandbox
from tests.threads import race

TRIES = 20  # a twin must go wrong at least once in so many


def virtual(patient: Patient) -> Card:
    return open_virtual_card(patient=patient)


def shown(card: Card, use: Use = Use.CHECK_IN) -> str:
    return write_code(card.pk, use=use, now=clock.real_now())


def at_desk(patient: Patient, role: Role = Role.TRIAGE) -> Staff:
    return make.staff(hospital=patient.hospital, role=role)


@pytest.mark.django_db
def test_a_code_is_read_once_and_the_patient_sees_who_read_it() -> None:
    patient = make.patient()
    code, staff = shown(virtual(patient)), at_desk(patient)

    card = shown_by_code(code, use=Use.CHECK_IN, staff=staff)
    with pytest.raises(CodeUsed):
        shown_by_code(code, use=Use.CHECK_IN, staff=staff)

    assert card.patient == patient
    line = AccessLine.objects.get(patient=patient)
    assert (line.staff_id, line.shown, line.reason) == (staff.pk, "card", "card check_in")


@pytest.mark.django_db
def test_a_code_for_the_door_checks_nobody_in() -> None:
    patient = make.patient()
    code = shown(virtual(patient), Use.DOOR)

    with pytest.raises(CodeForAnotherUse):
        read_card_code(text=code, use=Use.CHECK_IN, staff=at_desk(patient))

    assert not CardReading.objects.exists()
    assert not AccessLine.objects.exists()


@pytest.mark.django_db
def test_another_hospital_reads_nothing() -> None:
    patient = make.patient()

    with pytest.raises(CardClosed):
        read_card_code(
            text=shown(virtual(patient)), use=Use.CHECK_IN, staff=make.staff(role=Role.TRIAGE)
        )


@pytest.mark.django_db
def test_a_lost_card_opens_nothing_until_the_desk_finds_it_again() -> None:
    patient = make.patient()
    card, staff = virtual(patient), at_desk(patient)
    report_lost(card_id=card.pk, hospital_id=patient.hospital_id)
    with pytest.raises(CardClosed):
        read_card_code(text=shown(card), use=Use.CHECK_IN, staff=staff)

    find_again(card_id=card.pk, hospital_id=patient.hospital_id)

    assert read_card_code(text=shown(card), use=Use.CHECK_IN, staff=staff).pk == card.pk


@pytest.mark.django_db
def test_after_one_ended_there_is_a_new_one_and_never_two() -> None:
    patient = make.patient()
    first = virtual(patient)
    end_card(card_id=first.pk, hospital_id=patient.hospital_id)

    second = virtual(patient)

    assert first.pk != second.pk == virtual(patient).pk


@pytest.mark.django_db
def test_a_static_number_wants_the_birth_date_and_says_nothing_without() -> None:
    patient = make.patient()
    add_card(patient=patient, kind=Card.Kind.PLASTIC, number="AB 0012 3456")
    staff = at_desk(patient)

    with pytest.raises(HolderUnproved):
        read_card_number(number="AB00123456", born_on=date(1990, 1, 1), staff=staff)
    with pytest.raises(HolderUnproved):
        read_card_number(number="nobody", born_on=patient.born_on, staff=staff)
    found = read_card_number(number="ab00123456", born_on=patient.born_on, staff=staff)

    assert (found.patient, found.tail) == (patient, "3456")


@pytest.mark.django_db
def test_a_number_belongs_to_one_patient() -> None:
    patient = make.patient()
    other = make.patient(hospital=patient.hospital)
    first = add_card(patient=patient, kind=Card.Kind.PLASTIC, number="A1")

    assert add_card(patient=patient, kind=Card.Kind.PLASTIC, number="A1") == first
    with pytest.raises(CardOfAnother):
        add_card(patient=other, kind=Card.Kind.PLASTIC, number="a1")


@pytest.mark.django_db
def test_the_family_shows_a_card_only_for_what_it_may_do() -> None:
    patient = make.patient()
    card = virtual(patient)
    stranger = make.account()

    with pytest.raises(CardUnknown):
        fresh_code(stranger, card, use=Use.CHECK_IN)


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_of_many_readers_of_one_code_one_succeeds() -> None:
    patient = make.patient()
    code, staff = shown(virtual(patient)), at_desk(patient)

    told = race([partial(read_card_code, text=code, use=Use.CHECK_IN, staff=staff)] * 8)

    assert Counter(type(one).__name__ for one in told) == Counter({"Card": 1, "CodeUsed": 7})


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_without_its_reading_a_code_is_read_twice() -> None:
    patient = make.patient()
    staff = at_desk(patient)

    def goes_wrong() -> bool:
        code = shown(virtual(patient))
        with without_guard("claims"):
            told = race([partial(read_card_code, text=code, use=Use.CHECK_IN, staff=staff)] * 4)
        return sum(isinstance(one, Card) for one in told) > 1

    assert any(goes_wrong() for _ in range(TRIES))


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A running sandbox."""
    home = tmp_path_factory.mktemp("cards")
    make_keys(home=home, port=8790, product="http://127.0.0.1:9")
    server = Sandbox(home, "http://127.0.0.1:9")
    yield server
    server.stop()


@pytest.fixture
def issuer(outside: Sandbox, settings: Settings) -> Sandbox:
    """The mock answers for the insurance bureau."""
    settings.DOCUMENT_CHECK = "mock"
    settings.DOCUMENT_CHECK_URL = outside.url
    return outside


def issued(issuer: Sandbox, patient: Patient, shown_code: str, **other: str) -> None:
    told = {
        "kind": "insurance",
        "shown": shown_code,
        "number": f"YB{shown_code}",
        "name": patient.name,
        "document_type": patient.document_type,
        "document_number": patient.document_number,
        **other,
    }
    httpx.post(f"{issuer.url}/mock/credentials", json=told, trust_env=False).raise_for_status()


@pytest.mark.django_db
def test_ones_own_credential_becomes_a_card_and_an_identifier_and_says_it_is_a_mock(
    issuer: Sandbox,
) -> None:
    patient = make.patient()
    issued(issuer, patient, "own")

    card = bind_credential(patient=patient, kind=Card.Kind.INSURANCE, shown="own")
    again = bind_credential(patient=patient, kind=Card.Kind.INSURANCE, shown="own")

    assert card == again
    assert card.is_mock
    assert Identifier.objects.get(patient=patient).issuer == "insurance"


@pytest.mark.django_db
@pytest.mark.parametrize("other", [{"name": "李红"}, {"document_number": "x"}])
def test_somebody_elses_credential_is_refused(issuer: Sandbox, other: dict[str, str]) -> None:
    patient = make.patient()
    issued(issuer, patient, "strange", **other)

    with pytest.raises(CardOfAnother):
        bind_credential(patient=patient, kind=Card.Kind.INSURANCE, shown="strange")

    assert not Card.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("fault", ["http_500", "rate_limited_429", "slow"])
def test_an_issuer_that_is_away_changes_nothing(
    issuer: Sandbox, settings: Settings, fault: str
) -> None:
    patient = make.patient()
    issued(issuer, patient, "away")
    settings.PROVIDER_TIMEOUT_SECONDS = 0.2
    issuer.control("faults", {"name": fault, "path": "/mock/card-holder", "seconds": 0.5})

    with pytest.raises(HolderPortAway):
        bind_credential(patient=patient, kind=Card.Kind.INSURANCE, shown="away")

    assert not Card.objects.exists()


@pytest.mark.django_db
def test_an_unknown_credential_is_refused(issuer: Sandbox) -> None:
    with pytest.raises(CodeUnreadable):
        bind_credential(patient=make.patient(), kind=Card.Kind.HEALTH, shown="never")


@pytest.mark.django_db
def test_without_a_port_no_credential_is_bound(settings: Settings) -> None:
    settings.DOCUMENT_CHECK = ""

    with pytest.raises(HolderPortAway):
        bind_credential(patient=make.patient(), kind=Card.Kind.HEALTH, shown="x")


def phone() -> tuple[Account, Patient, str]:
    account = make.account()
    patient = make.patient(account=account)
    return account, patient, f"/api/v1/hospitals/{patient.hospital.code}/cards"


@pytest.mark.django_db
def test_a_phone_opens_a_card_shows_its_code_and_reports_it_lost() -> None:
    account, patient, address = phone()
    client = make.signed_in_client(account)
    told = {"patient_id": str(patient.pk)}

    opened = client.post(address, told, format="json", headers=make.keyed())
    card_id = opened.json()["id"]
    code = client.post(f"{address}/{card_id}/code", {"use": "check_in"}, format="json")
    lost = client.post(f"{address}/{card_id}/lost", {}, format="json", headers=make.keyed())
    late = client.post(f"{address}/{card_id}/code", {"use": "check_in"}, format="json")

    assert (opened.status_code, code.status_code, lost.json()["status"]) == (201, 200, "LOST")
    assert patient.name not in code.json()["code"]
    assert late.json()["code"] == "cards.closed"
    with pytest.raises(DomainError):
        read_card_code(text=code.json()["code"], use=Use.CHECK_IN, staff=at_desk(patient))


@pytest.mark.django_db
def test_a_stranger_finds_no_card() -> None:
    _, patient, address = phone()
    card = virtual(patient)
    stranger = make.signed_in_client(make.account())

    code = stranger.post(f"{address}/{card.pk}/code", {"use": "door"}, format="json")
    page = stranger.get(f"/m/{patient.hospital.code}/me/cards/{card.pk}/")

    assert (code.status_code, page.status_code) == (404, 404)


@pytest.mark.django_db
def test_the_page_shows_a_picture_that_changes_by_itself() -> None:
    account, patient, _ = phone()
    client = make.signed_in_client(account)
    address = f"/m/{patient.hospital.code}/me/cards/{virtual(patient).pk}/"

    page = client.get(address, {"use": "pick_up"}).content.decode()
    part = client.get(f"{address}code/", {"use": "pick_up"}).content.decode()

    assert 'hx-trigger="every 30s"' in page
    assert "data:image/svg+xml" in part
    assert part not in page
    assert finders.find("cards/card.css")


@pytest.mark.django_db
def test_the_desk_reads_a_code_into_a_page_once() -> None:
    patient = make.patient(name="欧阳静")
    code = shown(virtual(patient))
    client: Client = make.signed_in_client(at_desk(patient))
    address = f"/staff/{patient.hospital.code}/cards/"

    first = client.post(address, {"text": code, "use": "check_in"})
    second = client.post(address, {"text": code, "use": "check_in"})
    bare = client.post(address, {"text": "A1", "use": "check_in"})

    assert "欧阳静" in first.content.decode()
    assert (second.status_code, bare.status_code) == (422, 422)
    assert "欧阳静" not in second.content.decode()


@pytest.mark.django_db
def test_triage_finds_todays_visits_by_a_card() -> None:
    patient = make.patient(name="欧阳静")
    client = make.signed_in_client(at_desk(patient))

    page = client.post(
        f"/staff/{patient.hospital.code}/triage/",
        {"document_number": shown(virtual(patient))},
    )

    assert page.status_code == 200
    assert AccessLine.objects.filter(patient=patient, shown="card").count() == 1


@pytest.mark.django_db
def test_the_window_gives_a_plastic_card_and_finds_a_lost_one_again() -> None:
    patient = make.patient()
    client = make.signed_in_client(at_desk(patient, Role.BOOKING_OFFICE))
    address = f"/staff/{patient.hospital.code}/cards/window/"
    who = {"document_number": patient.document_number}

    client.post(address, {**who, "act": "give", "card_number": "A1", "idempotency_key": "one"})
    card = Card.objects.get(patient=patient)
    report_lost(card_id=card.pk, hospital_id=patient.hospital_id)
    client.post(address, {**who, "act": "again", "card_id": str(card.pk), "idempotency_key": "two"})

    assert Card.objects.get().status == Card.Status.ACTIVE
    assert AccessLine.objects.filter(patient=patient, shown="cards").count() == 2


@pytest.mark.django_db
def test_the_window_touches_no_card_of_another_patient() -> None:
    patient, other = make.patient(), make.patient()
    strange = virtual(other)
    client = make.signed_in_client(at_desk(patient, Role.BOOKING_OFFICE))

    answer = client.post(
        f"/staff/{patient.hospital.code}/cards/window/",
        {"document_number": patient.document_number, "act": "end", "card_id": str(strange.pk)},
    )

    assert answer.status_code == 404
    assert Card.objects.get().status == Card.Status.ACTIVE


@pytest.mark.django_db
def test_a_marked_persons_code_is_not_spent_by_who_may_not_see_them() -> None:
    patient = make.patient()
    reading.marked(patient)
    code, staff = shown(virtual(patient), Use.PICK_UP), at_desk(patient, Role.PHARMACIST)

    with pytest.raises(ReasonNeeded):
        shown_by_code(code, use=Use.PICK_UP, staff=staff)
    reading.glass(patient, staff=staff)

    assert shown_by_code(code, use=Use.PICK_UP, staff=staff).patient == patient
