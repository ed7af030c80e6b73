"""One-time codes: how often, how many tries, and what a platform that misbehaves leaves behind."""

from datetime import timedelta
from uuid import UUID

import pytest
from pytest_django import Settings

from accounts.actions.ask_code import CodeFor, ask_code
from accounts.actions.forget import forget_what_is_over
from accounts.actions.send_codes import lease_code, send_codes
from accounts.actions.use_code import CountedTry, count_try, use_code
from accounts.errors import CodeTooMany, CodeTooSoon, CodeWrong
from accounts.models import Account, OneTimeCode
from common import clock
from common.ids import new_id
from hospitals.models import Hospital, SmsSender
from tests import make
from tests.sandbox.outside import Sandbox
from tests.threads import race

pytestmark = pytest.mark.django_db
PHONE = "13900139000"
SMS = "/sms/v1/messages"


@pytest.fixture
def platform(wechat: Sandbox, settings: Settings) -> Sandbox:
    """The SMS platform, to which the settings point."""
    settings.SMS_URL = wechat.url
    return wechat


@pytest.fixture
def hospital(platform: Sandbox) -> Hospital:
    """A hospital with a sender."""
    made = make.hospital()
    account = platform.credentials.sms_accounts[0]
    SmsSender.objects.create(
        hospital=made, key_id=account.key_id, secret=account.secret, sign_name=account.sign_name
    )
    return made


def asked(hospital: Hospital, *, subject: UUID | None = None, phone: str = PHONE) -> OneTimeCode:
    return ask_code(
        account=make.account(),
        hospital=hospital,
        wanted=CodeFor(OneTimeCode.Use.GRANT, subject or new_id(), phone, said_by="王小梅"),
    )


def texts(platform: Sandbox) -> list[str]:
    return [one["params"]["code"] for one in platform.control("sms")["sms"]]


def typed(code: OneTimeCode, said: str) -> OneTimeCode:
    tried = count_try(use=code.use, subject_id=code.subject_id, said=said)
    return use_code(tried=tried, use=code.use, subject_id=code.subject_id)


def status(code: OneTimeCode) -> str:
    return str(OneTimeCode.objects.get(pk=code.pk).status)


def test_a_code_arrives_opens_once_and_is_nowhere_in_our_tables(
    platform: Sandbox, hospital: Hospital
) -> None:
    code = asked(hospital)
    assert send_codes() == 1
    (digits,) = texts(platform)

    opened = typed(code, digits)

    assert (opened.pk, status(code)) == (code.pk, "sent")
    assert digits not in str(OneTimeCode.objects.values().get())
    with pytest.raises(CodeWrong):
        typed(code, digits)


def test_a_code_is_over_after_five_minutes(platform: Sandbox, hospital: Hospital) -> None:
    code = asked(hospital)
    send_codes()
    clock.shift(timedelta(minutes=5))

    with pytest.raises(CodeWrong):
        typed(code, texts(platform)[0])


def test_after_five_wrong_tries_the_right_one_opens_nothing(
    platform: Sandbox, hospital: Hospital
) -> None:
    code = asked(hospital)
    send_codes()
    for _ in range(5):
        count_try(use=code.use, subject_id=code.subject_id, said="")

    with pytest.raises(CodeWrong):
        typed(code, texts(platform)[0])


def test_a_code_opens_nothing_but_what_it_was_asked_for(
    platform: Sandbox, hospital: Hospital
) -> None:
    code = asked(hospital)
    send_codes()
    tried = count_try(use=code.use, subject_id=code.subject_id, said=texts(platform)[0])

    with pytest.raises(CodeWrong):
        use_code(tried=tried, use=OneTimeCode.Use.EXPORT, subject_id=code.subject_id)
    with pytest.raises(CodeWrong):
        use_code(tried=tried, use=code.use, subject_id=new_id())


def test_before_it_was_sent_no_digits_open_it(hospital: Hospital) -> None:
    code = asked(hospital)

    with pytest.raises(CodeWrong):
        use_code(tried=CountedTry(code.pk, ""), use=code.use, subject_id=code.subject_id)


def test_a_second_code_waits_a_minute_and_retires_the_first(
    platform: Sandbox, hospital: Hospital
) -> None:
    first = asked(hospital)
    send_codes()
    with pytest.raises(CodeTooSoon):
        asked(hospital, subject=first.subject_id)
    clock.shift(timedelta(seconds=60))
    asked(hospital, subject=first.subject_id)

    with pytest.raises(CodeWrong):
        typed(first, texts(platform)[0])


def test_one_phone_gets_five_an_hour_whoever_asks() -> None:
    hospital = make.hospital()
    for _ in range(5):
        asked(hospital)
        clock.shift(timedelta(minutes=2))

    with pytest.raises(CodeTooMany):
        asked(hospital)
    clock.shift(timedelta(minutes=51))
    asked(hospital)


def test_a_refused_number_is_not_tried_again(platform: Sandbox, hospital: Hospital) -> None:
    platform.fault("sms_number_refused")
    code = asked(hospital)

    send_codes()

    assert status(code) == "refused"
    assert send_codes() == 0


@pytest.mark.parametrize(
    ("fault", "settings_of_it"),
    [("http_500", {"moment": "after"}), ("slow", {"seconds": 0.6, "moment": "after"})],
)
def test_a_text_without_an_answer_is_never_sent_twice(
    platform: Sandbox,
    hospital: Hospital,
    settings: Settings,
    fault: str,
    settings_of_it: dict[str, object],
) -> None:
    settings.PROVIDER_TIMEOUT_SECONDS = 0.3
    platform.fault(fault, path=SMS, **settings_of_it)
    code = asked(hospital)

    send_codes()
    send_codes()

    assert status(code) == "unknown"
    assert len(texts(platform)) == 1
    typed(code, texts(platform)[0])  # it came after all


def test_a_platform_that_is_busy_is_asked_again(platform: Sandbox, hospital: Hospital) -> None:
    platform.fault("rate_limited_429", path=SMS)
    code = asked(hospital)
    assert send_codes() == 0

    send_codes()

    assert status(code) == "sent"
    assert len(texts(platform)) == 1


def test_a_sender_that_died_leaves_no_second_text(platform: Sandbox, hospital: Hospital) -> None:
    code = asked(hospital)
    lease_code()
    clock.shift(timedelta(minutes=3))

    send_codes()

    assert status(code) == "unknown"
    assert texts(platform) == []


def test_a_wrong_secret_is_a_refusal(platform: Sandbox, hospital: Hospital) -> None:
    sender = SmsSender.objects.get()
    sender.secret = "wrong"  # noqa: S105 - no secret
    sender.save()
    code = asked(hospital)

    send_codes()

    assert status(code) == "refused"


def test_a_hospital_without_a_sender_says_the_same_to_who_asks() -> None:
    code = asked(make.hospital())

    send_codes()

    assert status(code) == "refused"


def test_codes_and_the_phones_they_went_to_are_not_kept() -> None:
    asked(make.hospital())
    clock.shift(timedelta(days=3))

    forget_what_is_over()

    assert not OneTimeCode.objects.exists()


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_of_two_requests_at_once_one_text_is_owed() -> None:
    hospital = make.hospital()
    accounts = [make.account(), make.account()]

    def ask(account: Account) -> None:
        ask_code(
            account=account,
            hospital=hospital,
            wanted=CodeFor(OneTimeCode.Use.GRANT, new_id(), PHONE),
        )

    race([lambda one=one: ask(one) for one in accounts])  # type: ignore[misc]

    assert OneTimeCode.objects.count() == 1
