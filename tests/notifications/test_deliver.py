"""What is due reaches the phone once, in its order, or ends with a person who calls."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from common import clock, commands
from notifications.actions.deliver import deliver_messages
from notifications.actions.lease import LEASE, lease_messages, mark_tried
from notifications.actions.move import move_messages
from notifications.actions.record import Delivery, Try, record_delivery
from notifications.actions.settle import settle_messages
from notifications.actions.withdraw import withdraw_messages
from notifications.channels import Answer, Verdict
from notifications.models import Attempt, Credit, Grade, Message, Task
from patients.models import Grant
from tests.notifications.conftest import NOBODY
from tests.notifications.phones import FIELDS, Phone, facts, minutes_ago

SEND = "/cgi-bin/message/subscribe/send"


def test_a_due_message_is_on_the_phone_with_its_words(phone: Phone) -> None:
    phone.template()
    message = phone.promise()

    deliver_messages()

    shown = phone.shown()[0]
    assert shown["openid"] == phone.openid
    assert shown["data"]["thing1"] == "呼吸与危重症医学科"
    assert shown["data"]["time2"] == "2026-03-03 09:30"
    message.refresh_from_db()
    assert message.status == Message.Status.SENT
    assert message.facts["starts_at"] == "2026-03-03 09:30"
    assert Attempt.objects.get().outcome == "accepted"
    assert Credit.objects.left(phone.account.pk) == {phone.template_id: -1}


def test_the_words_are_those_of_the_moment_it_is_sent(phone: Phone) -> None:
    phone.template()
    phone.promise(due_at=clock.now() + timedelta(hours=1))
    facts["starts_at"] = "2026-03-04 14:00"
    clock.shift(timedelta(hours=1))

    deliver_messages()

    assert phone.shown()[0]["data"]["time2"] == "2026-03-04 14:00"


def test_what_is_not_due_waits(phone: Phone) -> None:
    phone.template()
    phone.promise(due_at=clock.now() + timedelta(minutes=1))

    assert deliver_messages() == 0
    assert phone.shown() == []


def test_the_urgent_goes_first_and_then_the_oldest(phone: Phone) -> None:
    phone.template("nice", grade=Grade.G3, fields={**FIELDS, "thing3": "=三"})
    phone.template("told", grade=Grade.G2, fields={**FIELDS, "thing3": "=二"})
    phone.template("urgent", grade=Grade.G1, fields={**FIELDS, "thing3": "=一"})
    phone.promise("nice", due_at=minutes_ago(30))
    phone.promise("told", key="young", due_at=minutes_ago(5))
    phone.promise("urgent", due_at=minutes_ago(1))
    oldest = phone.promise("told", key="old", due_at=minutes_ago(20))

    deliver_messages()

    assert [one["data"]["thing3"] for one in phone.shown()] == ["一", "二", "二", "三"]
    tried = Attempt.objects.order_by("pk").values_list("message_id", flat=True)
    assert list(tried)[1] == oldest.pk


@pytest.mark.parametrize(("grade", "tasks"), [("G1", 1), ("G2", 1), ("G3", 0)])
def test_without_consent_somebody_calls_where_it_matters(
    phone: Phone, grade: str, tasks: int
) -> None:
    phone.template(grade=grade)
    message = phone.promise()
    phone.sandbox.fault("refuse_43101")

    deliver_messages()

    message.refresh_from_db()
    assert (message.status, message.reason) == (Message.Status.REFUSED, "wechat.43101")
    assert Task.objects.filter(reason="wechat.43101", patient=phone.patient).count() == tasks
    assert list(Message.objects.in_inbox(phone.account.pk, now=clock.now())) == [message]


def test_an_outage_delays_and_loses_nothing(phone: Phone, settings: Settings) -> None:
    phone.template()
    phone.promise(key="1")
    phone.promise(key="2")
    settings.WECHAT_API_URL = NOBODY
    assert deliver_messages() == 0
    assert set(Message.objects.values_list("status", flat=True)) == {Message.Status.QUEUED}
    settings.WECHAT_API_URL = phone.sandbox.url
    clock.shift(timedelta(minutes=2))

    deliver_messages()

    assert set(Message.objects.values_list("status", flat=True)) == {Message.Status.SENT}
    assert len(phone.shown()) == 2


@pytest.mark.parametrize(("grade", "tasks"), [("G1", 1), ("G2", 1), ("G3", 0)])
def test_what_is_no_longer_worth_saying_expires(phone: Phone, grade: str, tasks: int) -> None:
    phone.template(grade=grade)
    message = phone.promise()
    clock.shift(timedelta(days=1))

    assert deliver_messages() == 0
    settle_messages()

    message.refresh_from_db()
    assert message.status == Message.Status.EXPIRED
    assert Task.objects.filter(reason="too_late").count() == tasks
    assert phone.shown() == []


def test_a_lost_answer_is_never_followed_by_a_second_message(phone: Phone) -> None:
    phone.template(grade=Grade.G1)
    message = phone.promise()
    phone.sandbox.fault("http_500", path=SEND, moment="after")

    deliver_messages()
    clock.shift(timedelta(hours=2))
    deliver_messages()

    message.refresh_from_db()
    assert message.status == Message.Status.UNKNOWN
    assert len(phone.shown()) == 1
    assert Task.objects.get().reason == "unanswered"


def test_a_lost_answer_is_followed_by_one_more_where_the_template_says_so(phone: Phone) -> None:
    phone.template(at_least_once=True)
    message = phone.promise()
    phone.sandbox.fault("http_500", path=SEND, moment="after", times=5)

    deliver_messages()
    deliver_messages()
    deliver_messages()

    message.refresh_from_db()
    assert message.status == Message.Status.UNKNOWN
    assert len(phone.shown()) == 2
    assert Task.objects.get().reason == "unanswered"


def test_a_sender_that_died_before_its_call_delays_the_message_alone(phone: Phone) -> None:
    phone.template()
    message = phone.promise()
    lease_messages(most=1)
    clock.shift(LEASE)

    settle_messages()
    deliver_messages()

    message.refresh_from_db()
    assert message.status == Message.Status.SENT
    assert len(phone.shown()) == 1


@pytest.mark.parametrize(
    ("said", "status", "tasks"),
    [
        ({"at_least_once": False}, Message.Status.UNKNOWN, 1),
        ({"at_least_once": True}, Message.Status.QUEUED, 0),
    ],
)
def test_a_sender_that_died_after_its_call_may_have_left_leaves_the_template_to_decide(
    phone: Phone, said: dict[str, Any], status: str, tasks: int
) -> None:
    phone.template(**said)
    message = phone.promise()
    mark_tried(message=lease_messages(most=1)[0])
    clock.shift(LEASE)

    settle_messages()

    message.refresh_from_db()
    assert message.status == status
    assert Attempt.objects.get().outcome == "no_answer"
    assert Task.objects.count() == tasks


def test_a_lease_that_still_runs_is_left_alone(phone: Phone) -> None:
    phone.template()
    phone.promise()
    lease_messages(most=1)
    clock.shift(LEASE - timedelta(seconds=1))

    assert settle_messages() == 0
    assert deliver_messages() == 0


def test_an_answer_after_the_lease_still_counts(phone: Phone) -> None:
    phone.template()
    message = phone.promise()
    leased = lease_messages(most=1)[0]
    mark_tried(message=leased)
    clock.shift(LEASE)
    settle_messages()

    record_delivery(message=leased, delivery=accepted(), following=None)

    message.refresh_from_db()
    assert message.status == Message.Status.SENT
    assert Attempt.objects.filter(message=message).count() == 2


def accepted() -> Delivery:
    """WeChat took it."""
    answer = Answer(Verdict.ACCEPTED, "accepted")
    now = clock.now()
    return Delivery(answer, facts={}, tries=[Try("wechat", answer, now, now)])


def test_a_lease_is_good_for_one_call(phone: Phone) -> None:
    phone.template()
    phone.promise()
    leased = lease_messages(most=1)[0]

    assert mark_tried(message=leased)
    assert not mark_tried(message=leased)


def test_what_is_withdrawn_while_its_sender_has_not_called_is_never_sent(phone: Phone) -> None:
    phone.template()
    message = phone.promise()
    leased = lease_messages(most=1)[0]

    withdraw_messages(about=phone.patient)

    assert not mark_tried(message=leased)
    message.refresh_from_db()
    assert message.status == Message.Status.WITHDRAWN


def test_what_is_withdrawn_during_its_call_is_not_said_again_and_bothers_nobody(
    phone: Phone,
) -> None:
    phone.template(grade=Grade.G1, at_least_once=True)
    message = phone.promise()
    mark_tried(message=lease_messages(most=1)[0])
    withdraw_messages(about=phone.patient)
    clock.shift(LEASE)

    settle_messages()

    message.refresh_from_db()
    assert message.status == Message.Status.UNKNOWN
    assert deliver_messages() == 0
    assert not Task.objects.exists()


def test_what_is_moved_while_its_sender_has_not_called_waits_for_its_new_time(
    phone: Phone,
) -> None:
    phone.template()
    phone.promise()
    leased = lease_messages(most=1)[0]

    move_messages(about=phone.patient, due_at=clock.now() + timedelta(hours=1))

    assert not mark_tried(message=leased)
    assert deliver_messages() == 0
    clock.shift(timedelta(hours=1))
    assert deliver_messages() == 1


def test_who_may_no_longer_read_it_is_told_nothing(phone: Phone) -> None:
    phone.template()
    message = phone.promise()
    Grant.objects.filter(patient=phone.patient).update(ended_at=clock.now())

    deliver_messages()

    message.refresh_from_db()
    assert (message.status, message.reason) == (Message.Status.WITHDRAWN, "not_granted")
    assert phone.shown() == []


def test_words_that_fail_keep_nobody_else_waiting(phone: Phone) -> None:
    phone.template(grade=Grade.G3)
    message = phone.promise()
    facts["broken"] = "planted"

    assert deliver_messages() == 1

    message.refresh_from_db()
    assert (message.status, message.reason) == (Message.Status.REFUSED, "words_failed")


def test_a_value_that_no_field_can_hold_is_not_sent(phone: Phone) -> None:
    phone.template()
    message = phone.promise()
    facts["starts_at"] = "tomorrow"

    deliver_messages()

    message.refresh_from_db()
    assert message.reason == "wechat.field"
    assert phone.shown() == []


def test_messages_are_leased_within_a_command_of_their_own(phone: Phone) -> None:
    phone.template()
    phone.promise()

    with commands.command():
        leased = lease_messages(most=5)

    assert [one.attempts for one in leased] == [1]
