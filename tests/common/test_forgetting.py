"""What is past its life goes, and nothing else."""

from datetime import timedelta

import pytest

from common import clock
from common.commands import command
from common.forgetting import EVENT_LIFE, KEY_LIFE, forget_old_events, forget_old_keys
from common.http import KeyedRequest, once
from common.ids import new_id
from common.live import StreamName, announce, events_since, last_number
from common.models import IdempotencyKey

pytestmark = pytest.mark.django_db


def use_a_key(key: str) -> None:
    once(KeyedRequest(new_id(), "POST", "/things", key, b""), status=201, act=new_id)


def test_a_key_is_forgotten_after_its_life() -> None:
    use_a_key("old")
    clock.shift(KEY_LIFE)
    use_a_key("new")
    clock.shift(timedelta(seconds=1))

    assert forget_old_keys() == 1
    assert forget_old_keys() == 0
    assert IdempotencyKey.objects.get().key == "new"


def test_a_stream_goes_on_counting_after_its_old_events_are_forgotten() -> None:
    stream = StreamName(new_id(), "queue", new_id())
    with command():
        announce(stream, "called")
    clock.shift(EVENT_LIFE + timedelta(seconds=1))

    assert forget_old_events() == 1

    with command():
        announce(stream, "called")
    assert last_number(stream) == 2
    assert [event.number for event in events_since(stream, 1)] == [2]
