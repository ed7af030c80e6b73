"""The shared cache is away: what does not need it goes on."""

import pytest
from django.test import Client
from pytest_django import Settings

from notifications.actions.deliver import deliver_messages
from notifications.models import Message
from tests import make
from tests.make.accounts import PASSWORD
from tests.notifications.phones import Phone

NOBODY_THERE = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://127.0.0.1:9/0",
    }
}


def test_a_message_is_sent_all_the_same(phone: Phone, settings: Settings) -> None:
    phone.template()
    message = phone.promise()
    settings.CACHES = NOBODY_THERE

    deliver_messages()

    message.refresh_from_db()
    assert message.status == Message.Status.SENT
    assert len(phone.shown()) == 1


@pytest.mark.django_db
def test_staff_sign_in_and_phones_get_their_tickets(settings: Settings) -> None:
    nurse = make.staff()
    phone = make.signed_in_client(make.account())
    settings.CACHES = NOBODY_THERE

    name = nurse.account.username
    signed_in = Client().post("/staff/sign-in/", {"username": name, "password": PASSWORD})
    ticket = phone.post("/api/v1/me/web-tickets")

    assert signed_in.headers["Location"] == f"/staff/{nurse.hospital.code}/"
    assert ticket.status_code == 200


@pytest.mark.django_db
def test_nobody_is_registered_uncounted(settings: Settings) -> None:
    client = make.signed_in_client(make.account())
    hospital = make.hospital()
    settings.CACHES = NOBODY_THERE

    answer = client.post(
        f"/api/v1/hospitals/{hospital.code}/patients", {}, format="json", headers=make.keyed()
    )

    assert answer.status_code == 429
