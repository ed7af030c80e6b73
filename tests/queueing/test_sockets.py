"""Live events over real websockets: who may, what was missed, in which order, and how it ends."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from accounts.actions.end_login import end_login
from accounts.actions.ticket import make_ticket
from accounts.models import Account, OneTimeTicket
from booking.models import Slot
from common import clock
from common.commands import command
from common.hub import AGAIN_SECONDS
from common.ids import new_id
from common.live import StreamName, announce, events_since
from common.models import Stream, StreamEvent
from patients.models import Grant, Patient
from queueing.actions.call import call_next
from tests import make
from tests.make import queueing as at_queue
from tests.make.accounts import login
from tests.serving import serving

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 30


@pytest.fixture
def host() -> Iterator[str]:
    """A server of the product."""
    with serving() as address:
        yield address


class Phone:
    """A patient's account with a socket ticket, and the stream of the patient's day."""

    def __init__(self) -> None:
        self.account = make.account()
        self.patient = make.patient(account=self.account)
        self.code = self.patient.hospital.code
        self.stream = StreamName(self.patient.hospital_id, "day", self.patient.pk)

    @property
    def name(self) -> str:
        """As the first frame says it."""
        return f"day:{self.patient.pk}"

    def ticket(self) -> str:
        """A fresh one."""
        return make_ticket(account=self.account, use=OneTimeTicket.Use.SOCKET).ticket

    def first(self, *, since: int = 0, **more: Any) -> dict[str, Any]:
        """The first frame."""
        return {"ticket": self.ticket(), "streams": {self.name: since}, **more}


@contextmanager
def opened(host: str, code: str, first: object, **headers: str) -> Iterator[ClientConnection]:
    """A socket that has said its first frame."""
    origin = headers.pop("origin", f"http://{host}")
    with connect(
        f"ws://{host}/ws/v1/{code}/",
        origin=Origin(origin),
        additional_headers=headers,
        proxy=None,
        close_timeout=2,
    ) as made:
        made.send(first if isinstance(first, str) else json.dumps(first))
        yield made


def heard(ws: ClientConnection) -> dict[str, Any]:
    """The next frame that is an event; heartbeats alone do not make us wait for ever."""
    until = clock.monotonic() + PATIENCE
    while clock.monotonic() < until:
        frame: dict[str, Any] = json.loads(ws.recv(timeout=PATIENCE))
        if "number" in frame:
            return frame
    raise TimeoutError("Only heartbeats came.")


def beat(ws: ClientConnection) -> None:
    """Wait until the socket is served."""
    while "beat" not in json.loads(ws.recv(timeout=PATIENCE)):
        continue


def close_code(ws: ClientConnection) -> int | None:
    """The code the server ends with."""
    try:
        while True:
            ws.recv(timeout=PATIENCE)
    except ConnectionClosed as end:
        return end.rcvd.code if end.rcvd else None


def heard_until_closed(ws: ClientConnection) -> tuple[list[int], int | None]:
    """The numbers of all events, and the code at the end."""
    got: list[int] = []
    try:
        while True:
            got.append(heard(ws)["number"])
    except ConnectionClosed as end:
        return got, end.rcvd.code if end.rcvd else None


def happen(stream: StreamName, *, times: int = 1) -> None:
    """Events of a command of their own each."""
    for _ in range(times):
        with command():
            announce(stream, "position", ticket="A001")


def elsewhere(stream: StreamName, *, times: int) -> threading.Thread:
    """The same from another thread."""

    def run() -> None:
        try:
            happen(stream, times=times)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_phone_hears_of_its_day(host: str) -> None:
    phone = Phone()
    with opened(host, phone.code, phone.first()) as ws:
        beat(ws)
        happen(phone.stream)

        frame = heard(ws)

    assert frame["stream"] == phone.name
    assert (frame["number"], frame["kind"], frame["data"]) == (1, "position", {"ticket": "A001"})


def test_what_was_missed_comes_first_and_nothing_twice(host: str) -> None:
    phone = Phone()
    happen(phone.stream, times=5)

    with opened(host, phone.code, phone.first(since=2)) as ws:
        missed = [heard(ws)["number"] for _ in range(3)]
        happen(phone.stream)
        then = heard(ws)["number"]

    assert missed == [3, 4, 5]
    assert then == 6


def test_readers_get_every_event_once_in_order_while_others_make_them(host: str) -> None:
    phone = Phone()
    makers = [elsewhere(phone.stream, times=25) for _ in range(2)]
    with (
        opened(host, phone.code, phone.first()) as one,
        opened(host, phone.code, phone.first(since=0)) as two,
    ):
        first = [heard(one)["number"] for _ in range(50)]
        second = [heard(two)["number"] for _ in range(50)]
    for maker in makers:
        maker.join(timeout=PATIENCE)

    assert first == second == list(range(1, 51))
    assert [event.number for event in events_since(phone.stream, 0)] == first


def test_a_ticket_opens_one_socket(host: str) -> None:
    phone = Phone()
    first = phone.first()
    with opened(host, phone.code, first) as ws:
        beat(ws)

    with opened(host, phone.code, first) as again:
        assert close_code(again) == 4401


@pytest.mark.parametrize("ticket", ["wrong", "", "x" * 200])
def test_a_wrong_ticket_opens_nothing(host: str, ticket: str) -> None:
    phone = Phone()

    with opened(host, phone.code, {**phone.first(), "ticket": ticket}) as ws:
        assert close_code(ws) == 4401


def test_an_old_ticket_opens_nothing(host: str) -> None:
    phone = Phone()
    first = phone.first()
    OneTimeTicket.objects.update(expires_at=clock.real_now() - timedelta(seconds=1))

    with opened(host, phone.code, first) as ws:
        assert close_code(ws) == 4401


def test_nobody_follows_somebody_elses_day(host: str) -> None:
    phone, other = Phone(), Phone()

    with opened(host, phone.code, {**phone.first(), "streams": {other.name: 0}}) as ws:
        assert close_code(ws) == 4404


def test_a_patient_follows_no_queue_and_no_unknown_kind(host: str) -> None:
    slot = at_queue.clinic_today()
    ticket = at_queue.arrived(slot)
    phone = Phone()
    for name in (f"queue:{ticket.queue_id}", f"nothing:{ticket.queue_id}"):
        first = {**phone.first(), "streams": {name: 0}}
        with opened(host, slot.hospital.code, first) as ws:
            assert close_code(ws) == 4404


def test_a_hospital_that_is_not_there_is_closed(host: str) -> None:
    phone = Phone()

    with opened(host, "nowhere", phone.first()) as ws:
        assert close_code(ws) == 4404


@pytest.mark.parametrize(
    "first",
    [
        "no json",
        "[]",
        "{}",
        '{"streams": []}',
        '{"streams": {}}',
        '{"streams": {"day:x": 0}}',
        "[" * 3000,
        "x" * 5000,
    ],
)
def test_a_broken_first_frame_is_unreadable(host: str, first: str) -> None:
    phone = Phone()
    text = first
    if first.startswith('{"streams": {'):
        text = json.dumps({**json.loads(first), "ticket": phone.ticket()})

    with opened(host, phone.code, text) as ws:
        assert close_code(ws) in {4400, 4401}


@pytest.mark.parametrize("since", [-1, "1", 1.5, True, None])
def test_a_number_that_is_none_is_unreadable(host: str, since: object) -> None:
    phone = Phone()
    first = {"ticket": phone.ticket(), "streams": {phone.name: since}}

    with opened(host, phone.code, first) as ws:
        assert close_code(ws) == 4400


def test_who_is_ahead_of_us_or_far_behind_needs_a_fresh_page(host: str) -> None:
    phone = Phone()
    with opened(host, phone.code, phone.first(since=7)) as ws:
        ahead = close_code(ws)
    happen(phone.stream)
    grow(phone.stream, by=600, letters=1)
    with opened(host, phone.code, phone.first()) as ws:
        behind = close_code(ws)

    assert (ahead, behind) == (4409, 4409)


def test_a_right_that_ends_closes_the_open_socket(host: str) -> None:
    phone = Phone()
    with opened(host, phone.code, phone.first()) as ws:
        beat(ws)
        Grant.objects.update(ended_at=clock.now())
        happen(phone.stream)

        assert close_code(ws) == 4404


def test_a_login_that_ends_closes_its_open_socket_where_nothing_happens(host: str) -> None:
    phone = Phone()
    shell, _ = login(phone.account)
    use = OneTimeTicket.Use.SOCKET
    ticket = make_ticket(account=phone.account, use=use, login_id=shell.login_id).ticket
    with (
        opened(host, phone.code, {**phone.first(), "ticket": ticket}) as ended,
        opened(host, phone.code, phone.first()) as other,
    ):
        beat(ended)
        beat(other)
        end_login(account=phone.account, login_id=shell.login_id)

        assert close_code(ended) == 4401
        happen(phone.stream)
        assert heard(other)["number"] == 1


def test_staff_who_sign_out_leave_no_open_socket(host: str) -> None:
    slot = at_queue.clinic_today()
    ticket = at_queue.arrived(slot)
    first = {"streams": {f"queue:{ticket.queue_id}": 1}}
    client = make.signed_in_client(at_queue.doctor_of(slot))
    cookie = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}
    with opened(host, slot.hospital.code, first, **cookie) as ws:
        beat(ws)
        client.post("/staff/sign-out/")

        assert close_code(ws) == 4401


def staff_cookie(slot: Slot) -> dict[str, str]:
    client = make.signed_in_client(at_queue.doctor_of(slot))
    return {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}


def test_staff_follow_a_queue_by_their_session(host: str) -> None:
    slot = at_queue.clinic_today()
    ticket = at_queue.arrived(slot)
    first = {"streams": {f"queue:{ticket.queue_id}": 1}}
    with opened(host, slot.hospital.code, first, **staff_cookie(slot)) as ws:
        beat(ws)
        call_next(queue_id=ticket.queue_id, staff=at_queue.doctor_of(slot))

        frame = heard(ws)

    assert frame["kind"] == "called"
    assert frame["data"]["ticket"] == "A001"
    assert set(frame["data"]) == {"ticket", "room", "ticket_id"}


def test_staff_of_another_hospital_follow_nothing_here(host: str) -> None:
    slot, elsewhere_slot = at_queue.clinic_today(), at_queue.clinic_today()
    ticket = at_queue.arrived(slot)
    first = {"streams": {f"queue:{ticket.queue_id}": 0}}

    with opened(host, slot.hospital.code, first, **staff_cookie(elsewhere_slot)) as ws:
        assert close_code(ws) == 4404


def test_a_page_of_somebody_else_cannot_use_our_session(host: str) -> None:
    slot = at_queue.clinic_today()
    ticket = at_queue.arrived(slot)
    first = {"streams": {f"queue:{ticket.queue_id}": 0}}
    cookie = staff_cookie(slot)

    evil = opened(host, slot.hospital.code, first, origin="https://evil.example", **cookie)
    with pytest.raises(InvalidStatus) as refusal, evil:
        pass
    with opened(
        host, slot.hospital.code, first, origin="http://127.0.0.1:1", **cookie
    ) as of_another_port:
        code = close_code(of_another_port)

    assert refusal.value.response.status_code == 403
    assert code == 4401


def grow(stream: StreamName, *, by: int, letters: int) -> None:
    """Many large events at once, in batches of a statement."""
    row = Stream.objects.get(kind=stream.kind, subject_id=stream.subject_id)
    numbers = range(row.last_number + 1, row.last_number + by + 1)
    StreamEvent.objects.bulk_create(
        [
            StreamEvent(
                id=new_id(),
                stream=row,
                number=number,
                kind="position",
                data={"ticket": "x" * letters},
                made_at=clock.now(),
            )
            for number in numbers
        ],
        batch_size=50,
    )
    row.last_number += by
    row.save(update_fields=["last_number"])


def test_a_slow_reader_is_dropped_without_a_gap_and_recovers_by_since(host: str) -> None:
    phone = Phone()
    name, port = host.split(":")
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.connect((name, int(port)))
    with connect(
        f"ws://{host}/ws/v1/{phone.code}/",
        sock=raw,
        origin=Origin(f"http://{host}"),
        max_queue=1,
        compression=None,  # squeezed, all of it would fit into the buffers
        close_timeout=1,
    ) as ws:
        ws.send(json.dumps(phone.first()))
        beat(ws)
        happen(phone.stream)
        grow(phone.stream, by=450, letters=40_000)  # 18 MB, more than the buffers hold
        with opened(host, phone.code, phone.first(since=400)) as quick:
            last = [heard(quick)["number"] for _ in range(51)][-1]
            happen(phone.stream)  # it comes by way of the hub, which has then given out all others
            assert heard(quick)["number"] == last + 1
        got, code = heard_until_closed(ws)
    with opened(host, phone.code, phone.first(since=got[-1])) as back:
        then = heard(back)["number"]

    assert last == 451
    assert code == 4409
    assert got == list(range(1, len(got) + 1))
    assert len(got) < 451
    assert then == got[-1] + 1


def test_an_inactive_account_is_a_stranger(host: str) -> None:
    phone = Phone()
    first = phone.first()
    Account.objects.filter(pk=phone.account.pk).update(is_active=False)

    with opened(host, phone.code, first) as ws:
        assert close_code(ws) == 4401
    assert Patient.objects.count() == 1


REDIS = "redis://127.0.0.1:6379/0"


@pytest.fixture
def host_with_redis() -> Iterator[str]:
    """A server that is woken through Redis, as in production."""
    try:
        socket.create_connection(("127.0.0.1", 6379), timeout=1).close()
    except OSError:
        pytest.skip("needs Redis on 127.0.0.1:6379, which make services brings")
    layer = {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS], "prefix": f"tests-{new_id()}"},
    }
    with override_settings(CHANNEL_LAYERS={"default": layer}), serving() as address:
        yield address


def test_a_word_through_redis_comes_before_the_hub_would_have_looked(host_with_redis: str) -> None:
    phone = Phone()
    with opened(host_with_redis, phone.code, phone.first()) as ws:
        beat(ws)
        happen(phone.stream)
        heard(ws)
        begun = clock.monotonic()
        for _ in range(4):
            happen(phone.stream)
            heard(ws)
        took_seconds = clock.monotonic() - begun

    assert took_seconds < 4 * AGAIN_SECONDS / 2
