"""What was stolen, copied, shown again or taken away opens nothing."""

from datetime import timedelta

import pytest
from django.test import override_settings

from accounts.models import Role, Staff
from cards.actions.open import open_virtual_card
from cards.codes import write_code
from cards.models import CardReading, Use
from common import clock
from patients.models import AccessLine, Patient, Relation
from tests import make
from tests.accounts.tablet import enrolled_tablet, nurse_with_badge
from tests.attacks.attacker import Answer, Attacker, Log
from tests.attacks.test_guessing import badge_in
from tests.make.accounts import PASSWORD
from tests.patients.test_proxies import Family
from tests.queueing.test_sockets import beat, close_code, opened
from tests.serving import serving

MINE = "/api/v1/me/patients"


@pytest.mark.django_db
def test_a_stolen_token_opens_nothing_once_the_owner_ended_it(log: Log) -> None:
    account = make.account()
    patient = make.patient(account=account)
    stolen, owner = Attacker(token=make.token(account)), Attacker(token=make.token(account))
    entry = stolen.send("/api/v1/me/web-tickets").json()["ticket"]
    kept = stolen.send("/api/v1/me/web-tickets").json()["ticket"]
    page = f"/m/{patient.hospital.code}/me/"
    stolen.open("/m/enter", ticket=entry, next=page)
    before = (stolen.read(MINE).status_code, stolen.open(page).status_code)

    ended = owner.send("/api/v1/me/sessions/end-others")

    again = Attacker().open("/m/enter", ticket=kept)
    assert (before, ended.status_code) == ((200, 200), 204)
    assert (stolen.read(MINE).status_code, stolen.open(page).status_code) == (401, 302)
    assert stolen.send("/api/v1/me/socket-tickets").status_code == 401
    assert again.status_code == 401
    assert owner.read(MINE).status_code == 200
    assert log.refused(status=401, code="http.sign_in") == 2


@pytest.mark.django_db
def test_a_badge_session_copied_out_of_the_hospital_opens_nothing(log: Log) -> None:
    administrator = make.staff(role=Role.ADMINISTRATOR)
    tablet, badge = enrolled_tablet(administrator), nurse_with_badge(administrator)
    nurse = Attacker()
    badge_in(nurse, tablet)
    here = f"/staff/{administrator.hospital.code}/"
    copied = Attacker(cookie=nurse.cookie)

    seen = copied.browser.get(here, REMOTE_ADDR="203.0.113.7")

    assert nurse.open(here).status_code == 200
    assert seen.status_code == 403
    assert log.refused(status=403, account_id=badge.staff.account_id) == 1
    nurse.fill("/staff/hand-over/")
    assert copied.open(here).status_code == 302


@pytest.mark.django_db
def test_a_tablets_challenge_and_proof_are_good_once(log: Log) -> None:
    administrator = make.staff(role=Role.ADMINISTRATOR)
    tablet = enrolled_tablet(administrator)
    nurse_with_badge(administrator)
    nurse, thief = Attacker(), Attacker()
    challenge = nurse.fill("/staff/device-challenge/").json()["challenge"]
    shown = {n: str(v) for n, v in vars(tablet.shows("B-0417", challenge=challenge)).items()}
    nurse.fill("/staff/badge/", **shown)

    replayed = thief.fill("/staff/badge/", **shown)

    assert (replayed.status_code, thief.cookie) == (422, "")
    assert log.lines("a badge is refused", code="accounts.proof_refused")


def desk(patient: Patient) -> tuple[Staff, Attacker]:
    """The triage desk of the patient's hospital, and its browser."""
    staff = make.staff(hospital=patient.hospital, role=Role.TRIAGE)
    return staff, Attacker(cookie=make.signed_in_client(staff).cookies["sessionid"].value)


def read_card(at: Attacker, patient: Patient, text: str) -> Answer:
    """A code is held before the desk's reader."""
    return at.fill(f"/staff/{patient.hospital.code}/cards/", text=text, use="check_in")


@pytest.mark.django_db
def test_a_card_that_is_replayed_forged_old_or_for_another_use_shows_nobody(log: Log) -> None:
    patient = make.patient(name="欧阳静")
    card = open_virtual_card(patient=patient)
    staff, reader = desk(patient)
    now = clock.real_now()
    code = write_code(card.pk, use=Use.CHECK_IN, now=now)
    last = "A" if code[-1] != "A" else "B"
    bad = [
        code,
        code[:-1] + last,
        write_code(card.pk, use=Use.CHECK_IN, now=now - timedelta(seconds=61)),
        write_code(card.pk, use=Use.DOOR, now=now),
    ]

    shown = read_card(reader, patient, code)
    refused = [read_card(reader, patient, one) for one in bad]

    assert "欧阳静" in shown.content.decode()
    assert [one.status_code for one in refused] == [422] * 4
    assert not any("欧阳静" in one.content.decode() for one in refused)
    told = [one["code"] for one in log.lines("a card is refused", staff_id=staff.pk)]
    assert told == [
        "cards.code_used",
        "cards.code_unreadable",
        "cards.code_over",
        "cards.code_for_another_use",
    ]
    assert (CardReading.objects.count(), AccessLine.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_a_photographed_card_opens_nothing_in_another_hospital(log: Log) -> None:
    patient, elsewhere = make.patient(name="欧阳静"), make.patient()
    card = open_virtual_card(patient=patient)
    staff, reader = desk(elsewhere)

    told = read_card(reader, elsewhere, write_code(card.pk, use=Use.CHECK_IN, now=clock.real_now()))

    assert (told.status_code, "欧阳静" in told.content.decode()) == (422, False)
    assert log.lines("a card is refused", staff_id=staff.pk)


@pytest.mark.django_db
def test_a_proxy_reads_and_does_nothing_after_the_revocation(log: Log) -> None:
    family = Family()
    make.patient(
        hospital=family.hospital,
        account=family.daughters,
        document_number=family.number,
        relation=Relation.FAMILY,
    )
    root = f"/api/v1/hospitals/{family.hospital.code}"
    hers, his = (Attacker(token=make.token(one)) for one in (family.daughters, family.fathers))
    own = f"{root}/patients/{family.father.pk}"
    grants = his.read(f"{root}/grants").json()["results"]
    (given,) = [one for one in grants if one["relation"] == "family"]
    before = hers.read(own).status_code

    ended = his.send(f"{root}/grants/{given['id']}/end")

    slot = make.slot(hospital=family.hospital)
    booked = hers.send(
        f"{root}/appointments", {"slot_id": str(slot.pk), "patient_id": str(family.father.pk)}
    )
    assert (before, ended.status_code) == (200, 200)
    assert (hers.read(own).status_code, booked.status_code) == (404, 404)
    assert family.father.number not in hers.read(MINE).content.decode()
    assert log.refused(account_id=family.daughters.pk, code="patients.unknown") == 2


@pytest.mark.django_db(transaction=True)
@override_settings(LIVE_WATCH_SECONDS=0.5)
def test_sockets_of_a_stolen_token_and_of_a_revoked_proxy_close_within_seconds() -> None:
    family = Family()
    make.patient(
        hospital=family.hospital,
        account=family.daughters,
        document_number=family.number,
        relation=Relation.FAMILY,
    )
    code, day = family.hospital.code, f"day:{family.father.pk}"
    root = f"/api/v1/hospitals/{code}"
    stolen, his = (Attacker(token=make.token(family.fathers)) for _ in range(2))
    hers = Attacker(token=make.token(family.daughters))
    grants = his.read(f"{root}/grants").json()["results"]
    (given,) = [one for one in grants if one["relation"] == "family"]

    def first(who: Attacker) -> dict[str, object]:
        ticket = who.send("/api/v1/me/socket-tickets").json()["ticket"]
        return {"ticket": ticket, "streams": {day: 0}}

    kept = first(stolen)
    with serving() as host:
        with opened(host, code, first(stolen)) as theirs, opened(host, code, first(hers)) as proxys:
            beat(theirs)
            beat(proxys)
            began = clock.monotonic()
            his.send(f"{root}/grants/{given['id']}/end")
            his.send("/api/v1/me/sessions/end-others")
            ends = (close_code(theirs), close_code(proxys))
            took_seconds = clock.monotonic() - began
        with opened(host, code, kept) as again:
            later = close_code(again)

    assert (ends, later) == ((4401, 4404), 4401)
    assert took_seconds < 5


@pytest.mark.django_db
def test_a_session_key_that_was_planted_before_the_sign_in_is_nobodys(log: Log) -> None:
    doctor = make.staff()
    planted = "planted0planted0planted0planted0"
    victim, thief = Attacker(cookie=planted), Attacker(cookie=planted)

    victim.signed_in(str(doctor.account.username), PASSWORD)

    assert victim.cookie != planted
    assert thief.open(f"/staff/{doctor.hospital.code}/").status_code == 302
