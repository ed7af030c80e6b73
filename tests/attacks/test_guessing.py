"""Guessing and trying out: keys, numbers, PINs, passwords, codes."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.actions.sign_in import MOST_TRIES
from accounts.codes import code_at
from accounts.models import Badge, OneTimeCode, Role, SignInTry
from accounts.refusals import MISSES_A_MINUTE
from cards.actions.open import add_card
from cards.actions.read import MISSES_AN_HOUR
from cards.models import Card
from common import clock
from notifications.models import Task
from patients.models import AccessFinding, AccessLine
from tests import make
from tests.accounts.tablet import PIN, Tablet, enrolled_tablet, nurse_with_badge
from tests.attacks.attacker import Answer, Attacker, Log
from tests.make.accounts import PASSWORD
from tests.patients.test_proxies import Family
from visits.actions.watch import watch_access

pytestmark = pytest.mark.django_db
WRONG_PIN = "507136"


def plain(answer: Answer) -> tuple[int, str]:
    """Status and body, without the key that was asked for."""
    told = answer.json()
    return answer.status_code, str({n: v for n, v in told.items() if not n.endswith("_id")})


def test_keys_of_others_look_like_keys_of_nobody_and_trying_them_out_is_noticed(log: Log) -> None:
    victim = make.patient(name="欧阳静")
    booked = make.appointment(slot=make.slot(hospital=victim.hospital), patient=victim)
    account = make.account()
    thief = Attacker(token=make.token(account))
    root = f"/api/v1/hospitals/{victim.hospital.code}"

    for kind, key in (("patients", victim.pk), ("appointments", booked.pk)):
        hit, miss = (thief.read(f"{root}/{kind}/{one}") for one in (key, uuid4()))
        assert plain(hit) == plain(miss)
        assert hit.status_code == 404
    for _ in range(MISSES_A_MINUTE):
        thief.read(f"{root}/patients/{uuid4()}")

    assert log.lines("an account asks for what is not there", account_id=account.pk)
    assert log.refused(account_id=account.pk, code="patients.unknown") > MISSES_A_MINUTE
    assert log.names("欧阳静") == []


def test_one_account_does_not_try_out_documents(log: Log) -> None:
    hospital, account = make.hospital(), make.account()
    thief = Attacker(token=make.token(account))
    address = f"/api/v1/hospitals/{hospital.code}/patients"
    said = {"name": "欧阳静", "phone": "13800138000", "relation": "family"}

    statuses = [
        thief.send(
            address, {**said, "document_type": "resident_id", "document_number": f"x{number}"}
        ).status_code
        for number in range(21)
    ]

    assert (set(statuses[:-1]), statuses[-1]) == ({422}, 429)
    assert log.refused(account_id=account.pk, code="common.too_many") == 1


def test_a_hundred_accounts_do_not_find_out_which_phone_goes_with_a_document(log: Log) -> None:
    family = Family()
    address = f"/api/v1/hospitals/{family.hospital.code}/grant-requests/new"
    said = {
        "name": "王建国",
        "document_type": "resident_id",
        "document_number": family.number,
        "relation": "family",
        "scopes": ["book"],
    }

    statuses = [
        Attacker(token=make.token(make.account()))
        .send(address, {**said, "phone": f"1390000{number:04}"})
        .status_code
        for number in range(21)
    ]

    assert 201 not in statuses
    assert (429 in statuses[:-1], statuses[-1]) == (False, 429)
    assert log.refused(code="common.too_many") == 1
    assert log.names(family.number, "王建国") == []


def test_a_doctor_who_tries_numbers_out_is_stopped_and_reported(log: Log) -> None:
    patient = make.patient(name="王建国")
    doctor = make.staff(hospital=patient.hospital)
    curious = Attacker(cookie=make.signed_in_client(doctor).cookies["sessionid"].value)
    address = f"/staff/{patient.hospital.code}/records/find/"

    for number in range(20):
        curious.fill(address, number=str(number))
    right = curious.fill(address, number=patient.number)
    watch_access()

    assert right.status_code == 422
    assert AccessFinding.objects.get().rule == AccessFinding.Rule.MANY_MISSES
    assert Task.objects.filter(role=Role.AUDITOR).count() == 1
    assert not AccessLine.objects.exists()


def test_a_desk_that_tries_birth_dates_out_for_a_found_card_is_stopped_and_reported(
    log: Log,
) -> None:
    patient = make.patient()
    add_card(patient=patient, kind=Card.Kind.PLASTIC, number="A1")
    clerk = make.staff(hospital=patient.hospital, role=Role.BOOKING_OFFICE)
    finder = Attacker(cookie=make.signed_in_client(clerk).cookies["sessionid"].value)
    address = f"/staff/{patient.hospital.code}/cards/"
    said = {"text": "A1", "use": "window"}

    for day in range(MISSES_AN_HOUR):
        finder.fill(address, **said, born_on=f"1990-01-{day + 1:02}")
    right = finder.fill(address, **said, born_on=str(patient.born_on))
    watch_access()

    assert right.status_code == 422
    assert not AccessLine.objects.exists()
    assert AccessFinding.objects.get().rule == AccessFinding.Rule.MANY_MISSES
    assert len(log.lines("a card is refused", staff_id=clerk.pk)) == MISSES_AN_HOUR + 1


def badge_in(at: Attacker, tablet: Tablet, *, number: str = "B-0417", pin: str = PIN) -> Answer:
    """Badge and PIN at a tablet, as the page's script sends them."""
    challenge = at.fill("/staff/device-challenge/").json()["challenge"]
    shown = vars(tablet.shows(number, pin, challenge=challenge))
    return at.fill("/staff/badge/", **{name: str(said) for name, said in shown.items()})


def test_five_wrong_pins_lock_a_badge_at_every_device(log: Log) -> None:
    administrator = make.staff(role=Role.ADMINISTRATOR)
    tablets = [enrolled_tablet(administrator, name=name) for name in ("一", "二")]
    nurse_with_badge(administrator)
    thief = Attacker()

    wrong = [badge_in(thief, tablets[one % 2], pin=WRONG_PIN).status_code for one in range(5)]
    right = badge_in(thief, tablets[1])

    assert wrong == [422] * 5
    assert (right.status_code, thief.cookie) == (422, "")
    assert Badge.objects.get().is_locked
    assert len(log.lines("a badge is refused", code="accounts.badge_refused")) == 5
    assert log.lines("a badge is refused", device_id=tablets[1].device_id)[-1]["code"] == (
        "accounts.badge_locked"
    )


def test_one_pin_tried_on_every_badge_closes_the_device(log: Log) -> None:
    administrator = make.staff(role=Role.ADMINISTRATOR)
    tablet = enrolled_tablet(administrator)
    nurse_with_badge(administrator)
    thief = Attacker()

    for number in range(20):
        badge_in(thief, tablet, number=f"B-9{number}")
    right = badge_in(thief, tablet)

    assert (right.status_code, thief.cookie) == (422, "")
    assert log.lines("a badge is refused", code="accounts.badge_locked")
    assert SignInTry.objects.count() == 21


def test_passwords_are_not_tried_out(log: Log) -> None:
    doctor = make.staff()
    name = str(doctor.account.username)
    thief = Attacker()

    for number in range(MOST_TRIES):
        thief.signed_in(name, f"Spring-rain-{number}")
    right = thief.signed_in(name, PASSWORD)

    assert (right.status_code, thief.cookie) == (422, "")
    assert len(log.lines("a password is refused", code="accounts.sign_in_refused")) == MOST_TRIES
    assert log.lines("a password is refused", code="accounts.sign_in_locked")
    assert log.names(name, PASSWORD) == []


def test_who_knows_the_password_does_not_guess_the_second_factor(log: Log) -> None:
    cashier = make.staff(role=Role.CASHIER)
    factor = make.second_factor(cashier)
    thief = Attacker()
    thief.signed_in(str(cashier.account.username), PASSWORD)
    now = clock.real_now()
    right = {code_at(factor.secret, now + timedelta(seconds=30 * step)) for step in range(-3, 4)}
    wrong = next(code for code in ("000000", "111111", "222222", "333333") if code not in right)

    for _ in range(MOST_TRIES):
        thief.fill("/staff/second-factor/", code=wrong)
    then = thief.fill("/staff/second-factor/", code=code_at(factor.secret, clock.real_now()))

    assert then.status_code == 422
    told = log.lines("a second factor is refused", staff_id=cashier.pk)
    assert [one["code"] for one in told] == [
        *["accounts.code_refused"] * MOST_TRIES,
        "accounts.sign_in_locked",
    ]


def test_the_code_of_a_text_message_is_not_guessed(log: Log) -> None:
    family = Family()
    asked = family.asks()
    thief = Attacker(token=make.token(family.daughters))
    address = f"/api/v1/hospitals/{family.hospital.code}/grant-requests/{asked.pk}"
    thief.send(f"{address}/code")

    told = [
        thief.send(f"{address}/confirm-by-code", {"code": f"{number:06}"}).status_code
        for number in range(7)
    ]

    assert told == [403] * 7
    assert OneTimeCode.objects.get().tries == 5
    assert log.refused(code="accounts.code_wrong", account_id=family.daughters.pk) == 7
    assert family.may() == []


def test_one_phone_is_not_flooded_with_texts_from_many_accounts(log: Log) -> None:
    family = Family()
    said = {
        "name": "王建国",
        "document_type": "resident_id",
        "document_number": family.number,
        "phone": "13800138000",
        "relation": "family",
        "scopes": ["book"],
    }
    root = f"/api/v1/hospitals/{family.hospital.code}/grant-requests"

    told = []
    for _ in range(7):
        bomber = Attacker(token=make.token(make.account()))
        asked = bomber.send(f"{root}/new", said).json()["id"]
        told.append(bomber.send(f"{root}/{asked}/code").status_code)
        told.append(bomber.send(f"{root}/{asked}/code").status_code)
        clock.shift(timedelta(minutes=1))

    assert told.count(201) == 5
    assert OneTimeCode.objects.count() == 5
    assert len(log.lines("a code is not sent")) == 9
    assert log.lines("a code is not sent", code="accounts.code_too_many")
