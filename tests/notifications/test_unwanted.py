"""Reminders that were taken back are read in the app; what must arrive arrives all the same."""

import pytest

from notifications.actions.deliver import deliver_messages
from notifications.inbox import Inbox
from notifications.models import Grade, Message, Task
from patients.actions.consent import give_consent, publish_consent_text, withdraw_consent
from patients.models import ConsentPurpose
from tests.notifications.phones import Phone

pytestmark = pytest.mark.django_db
REMINDERS = ConsentPurpose.REMINDERS


@pytest.mark.parametrize(
    ("grade", "on_the_phone", "status"), [(Grade.G2, 0, "WITHDRAWN"), (Grade.G1, 1, "SENT")]
)
def test_a_reminder_that_is_not_wanted(
    phone: Phone, grade: str, on_the_phone: int, status: str
) -> None:
    hospital, account = phone.patient.hospital, phone.account
    publish_consent_text(hospital=hospital, purpose=REMINDERS, body="提醒", what_stops="不提醒")
    give_consent(account=account, hospital=hospital, purpose=REMINDERS, version=1)
    withdraw_consent(account=account, hospital=hospital, purpose=REMINDERS)
    phone.template(grade=grade)
    phone.promise()

    deliver_messages()

    assert len(phone.shown()) == on_the_phone
    assert Message.objects.get().status == status
    assert Inbox(account.pk).messages().count() == 1
    assert not Task.objects.exists()
