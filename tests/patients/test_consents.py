"""What was agreed to, in which version, and what stops when it is taken back."""

import pytest

from accounts.models import Account
from common import clock
from hospitals.models import Hospital
from patients.actions.consent import give_consent, publish_consent_text, withdraw_consent
from patients.consents import has_withdrawn, refuse_without_consent, standings_of
from patients.errors import ConsentNeeded, ConsentUnknown
from patients.models import Consent, ConsentPurpose, ConsentText, GrantRequest
from tests import make
from tests.patients.test_proxies import Family, granted

pytestmark = pytest.mark.django_db
RESULTS, PROXY, REMINDERS = ConsentPurpose.RESULTS, ConsentPurpose.PROXY, ConsentPurpose.REMINDERS


def words(hospital: Hospital, purpose: ConsentPurpose, body: str = "同意吗") -> ConsentText:
    return publish_consent_text(hospital=hospital, purpose=purpose, body=body, what_stops="都停")


def agree(account: Account, text: ConsentText) -> Consent:
    return give_consent(
        account=account, hospital=text.hospital, purpose=text.purpose, version=text.version
    )


def test_new_words_ask_again_and_the_old_consent_stays_on_record() -> None:
    hospital, account = make.hospital(), make.account()
    first = agree(account, words(hospital, RESULTS))
    refuse_without_consent(account, hospital, purpose=RESULTS)

    second = words(hospital, RESULTS, "现在还给研究所看")

    with pytest.raises(ConsentNeeded) as asked:
        refuse_without_consent(account, hospital, purpose=RESULTS)
    assert asked.value.facts["version"] == 2
    (standing,) = standings_of(account.pk, hospital)
    assert (standing.is_given, standing.is_outdated) == (False, True)
    agree(account, second)
    assert Consent.objects.get(pk=first.pk).withdrawn_at == clock.now()


def test_the_same_words_published_again_ask_nobody() -> None:
    hospital = make.hospital()
    words(hospital, RESULTS)

    assert words(hospital, RESULTS).version == 1


def test_old_words_cannot_be_agreed_to() -> None:
    hospital, account = make.hospital(), make.account()
    old = words(hospital, RESULTS)
    words(hospital, RESULTS, "新的")

    with pytest.raises(ConsentUnknown):
        agree(account, old)

    assert not Consent.objects.exists()


def test_results_wait_behind_the_words_and_close_again_when_it_is_taken_back() -> None:
    patient_account = make.account()
    patient = make.patient(account=patient_account)
    hospital, client = patient.hospital, make.signed_in_client(patient_account)
    text = words(hospital, RESULTS)
    page, api = f"/m/{hospital.code}/reports/", f"/api/v1/hospitals/{hospital.code}/reports"
    asked = client.get(page)
    before = client.get(api).json()["code"]
    consents = f"/m/{hospital.code}/me/consents/?next={page}"
    said = {"act": "give", "purpose": "results", "version": text.version, "idempotency_key": "k"}

    onward = client.post(consents, said)
    shown = (client.get(page).status_code, client.get(api).status_code)
    withdraw_consent(account=patient_account, hospital=hospital, purpose=RESULTS)

    assert (asked.status_code, before) == (302, "patients.consent_needed")
    assert "me/consents" in asked["Location"]
    assert onward["Location"] == page
    assert shown == (200, 200)
    assert client.get(page).status_code == 302


def test_nobody_acts_for_who_takes_it_back() -> None:
    family = Family()
    text = words(family.hospital, PROXY)
    agree(family.fathers, text)
    granted(family)
    other = make.account()
    make.patient(hospital=family.hospital, account=other, name="王小强", phone="13922223333")

    withdraw_consent(account=family.fathers, hospital=family.hospital, purpose=PROXY)

    assert family.may() == []
    assert not GrantRequest.objects.filter(answered_at=None).exists()
    assert len(family.may(family.fathers)) == 5


def test_reminders_stay_in_the_inbox_alone() -> None:
    account = make.account()
    patient = make.patient(account=account)
    agree(account, words(patient.hospital, REMINDERS))
    withdraw_consent(account=account, hospital=patient.hospital, purpose=REMINDERS)

    assert has_withdrawn(account.pk, patient.hospital_id, purpose=REMINDERS)
    assert not has_withdrawn(make.account().pk, patient.hospital_id, purpose=REMINDERS)


def test_agreeing_and_taking_back_over_the_api_are_repeatable() -> None:
    account, hospital = make.account(), make.hospital()
    words(hospital, REMINDERS)
    client = make.signed_in_client(account)
    path = f"/api/v1/hospitals/{hospital.code}/consents"

    told = [
        client.post(f"{path}/{what}", body, format="json", headers=make.keyed()).status_code
        for what, body in (
            ("reminders/give", {"version": 1}),
            ("reminders/give", {"version": 1}),
            ("reminders/withdraw", {}),
            ("reminders/withdraw", {}),
            ("nothing/give", {"version": 1}),
            ("reminders/give", {"version": 9}),
        )
    ]

    assert told == [201, 201, 200, 200, 404, 404]
    assert Consent.objects.count() == 1
    assert client.get(path).json()["results"][0]["is_given"] is False
