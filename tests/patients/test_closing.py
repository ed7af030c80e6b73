"""Closing one's account: what refuses it, the week, what has ended then, and what is kept."""

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.actions.sign_in import sign_in_by_wechat
from accounts.models import Account, PageSession, Token, WeChatIdentity
from common import clock
from common.fields import ErasedJSON
from common.jobs import run_sweep
from common.models import StreamEvent
from notifications.models import Message
from patients.actions.close_account import ask_to_close_account, undo_closing
from patients.actions.consent import give_consent, publish_consent_text
from patients.errors import AccountInUse, ClosingUnconfirmed, ClosingUnknown
from patients.leaving import kept_of, reasons_of
from patients.models import AccountClosing, Consent, ConsentPurpose, Grant, Relation
from tests import make
from tests.common.test_crypto_people import told
from tests.make.inpatient import asked_admission
from tests.make.visits import visit

pytestmark = pytest.mark.django_db
Status = AccountClosing.Status
WEEK = timedelta(days=7)


def ask(account: Account) -> AccountClosing:
    return ask_to_close_account(account=account, confirmation="注销")


def sweep_after(passed: timedelta) -> int:
    clock.shift(passed)
    return run_sweep("close_due_accounts")


def test_after_a_week_nothing_opens_the_account_and_the_same_wechat_is_somebody_new() -> None:
    account = sign_in_by_wechat(app_id="wx1", openid="o1", unionid="u1")
    patient = make.patient(account=account)
    make.patient(hospital=patient.hospital, account=account, relation=Relation.FAMILY)
    text = publish_consent_text(
        hospital=patient.hospital, purpose=ConsentPurpose.RESULTS, body="同意吗", what_stops="都停"
    )
    give_consent(account=account, hospital=patient.hospital, purpose=text.purpose, version=1)
    client = make.signed_in_client(account)
    told(patient)
    ask(account)

    early = sweep_after(WEEK - timedelta(seconds=1))
    due = sweep_after(timedelta(seconds=1))

    account.refresh_from_db()
    assert (early, due, account.is_active) == (0, 1, False)
    assert client.get("/api/v1/me/patients").status_code == 401
    assert not Token.objects.filter(user=account).exists()
    assert not PageSession.objects.filter(account=account).exists()
    assert not Grant.objects.filter(ended_at=None).exists()
    assert not Consent.objects.standing().exists()
    assert StreamEvent.objects.filter(kind="rights").count() >= 2
    assert sign_in_by_wechat(app_id="wx1", openid="o1", unionid="u1") != account
    assert WeChatIdentity.objects.count() == 1
    assert isinstance(Message.objects.get(patient=patient).facts, ErasedJSON)
    assert AccountClosing.objects.get().status == Status.DONE


def test_who_was_treated_here_keeps_what_they_were_told_as_long_as_the_record() -> None:
    account = make.account()
    patient = make.patient(account=account)
    seen = visit(patient=patient)
    told(patient)
    Message.objects.exclude(template="told").delete()
    clock.shift(timedelta(days=30))
    ask(account)

    sweep_after(WEEK)

    (kept,) = kept_of(patient)
    began_on = clock.local(seen.began_at).date()
    assert kept.until == date(began_on.year + 15, began_on.month, began_on.day)
    assert Message.objects.get(patient=patient).facts == {"room": "203"}
    assert not Account.objects.get(pk=account.pk).is_active


def test_who_has_an_appointment_to_pay_is_refused_and_told_both_reasons() -> None:
    account = make.account()
    patient = make.patient(account=account)
    slot = make.slot(hospital=patient.hospital)
    make.appointment(slot=slot, patient=patient, account=account)

    with pytest.raises(AccountInUse) as refused:
        ask(account)

    assert refused.value.facts["reasons"] == ["live_appointment", "open_payment"]
    assert not AccountClosing.objects.exists()


def test_who_is_to_be_admitted_is_refused_and_a_stranger_to_them_is_not() -> None:
    admission = asked_admission()
    account = Grant.objects.get(patient=admission.patient, relation=Relation.SELF).account

    assert "open_admission" in reasons_of(account)
    assert reasons_of(make.account()) == []


def test_what_was_begun_within_the_week_is_waited_for_a_day_at_a_time() -> None:
    account = make.account()
    patient = make.patient(account=account)
    ask(account)
    make.charge(patient=patient, due_until=clock.now() + WEEK + timedelta(hours=12))

    waited = sweep_after(WEEK)

    closing = AccountClosing.objects.get()
    assert (waited, closing.status) == (1, Status.ASKED)
    assert closing.due_at == clock.now() + timedelta(days=1)
    sweep_after(timedelta(days=1))
    assert not Account.objects.get(pk=account.pk).is_active


def test_within_the_week_it_is_taken_back_and_asking_again_starts_a_new_week() -> None:
    account = make.account()
    first = ask(account)
    assert ask(account).pk == first.pk

    undone = [undo_closing(account=account).status for _ in range(2)]
    clock.shift(WEEK)
    second = ask(account)

    assert undone == [Status.UNDONE, Status.UNDONE]
    assert second.due_at == clock.now() + WEEK
    assert run_sweep("close_due_accounts") == 0


def test_without_the_word_or_a_closing_nothing_happens() -> None:
    account = make.account()

    with pytest.raises(ClosingUnconfirmed):
        ask_to_close_account(account=account, confirmation="是")
    with pytest.raises(ClosingUnknown):
        undo_closing(account=account)

    assert not AccountClosing.objects.exists()


def test_over_the_api_it_is_asked_shown_and_taken_back() -> None:
    account = make.account()
    patient = make.patient(account=account)
    visit(patient=patient)
    clock.shift(timedelta(days=30))
    client, url = make.signed_in_client(account), "/api/v1/me/closing"
    said = {"confirmation": "注销"}

    asked = client.post(url, said, format="json", headers=make.keyed("a"))
    again = client.post(url, said, format="json", headers=make.keyed("a"))
    shown: Any = client.get(url).json()
    undone = client.post(f"{url}/undo", {}, format="json", headers=make.keyed())

    assert (asked.status_code, again.json()["id"]) == (201, asked.json()["id"])
    assert shown["closing"]["id"] == asked.json()["id"]
    assert [one["title"] for one in shown["kept"]] == ["门诊病历"]
    assert undone.json()["status"] == Status.UNDONE
    stranger = make.signed_in_client(make.account())
    assert stranger.get(url).json() == {"closing": None, "reasons": [], "kept": []}


def test_the_page_says_what_to_do_first_and_then_takes_the_typed_word() -> None:
    account = make.account()
    patient = make.patient(account=account)
    make.charge(patient=patient)
    client, url = make.signed_in_client(account), f"/m/{patient.hospital.code}/me/data/"
    form = {"act": "close", "confirmation": "注销"}

    before = client.get(url).content.decode()
    refused = client.post(url, form | {"idempotency_key": "1"}, follow=True).content.decode()
    clock.shift(timedelta(days=1))
    client.force_login(account)
    client.post(url, form | {"idempotency_key": "2"})
    waiting = client.get(url).content.decode()

    assert "还有没有付清的费用" in before
    assert 'name="confirmation"' not in before
    assert "现在不能注销" in refused
    assert "撤回注销" in waiting
