"""Invariant 4 whatever people do, in any order; and a planted bug that is found."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from booking.models import Appointment
from common import clock
from common.errors import DomainError
from common.live import StreamName, events_since
from common.models import Stream
from queueing.actions.call import admit_to_room, call_again, call_next, leave_queue, mark_missed
from queueing.actions.check_in import check_in
from queueing.actions.finish import finish_ticket
from queueing.models import Priority, Ticket
from queueing.position import position_of
from queueing.replay import called_order, log_of, recompute_order, replayed
from tests import make
from tests.make import queueing as at_queue
from tests.rolled_back import RolledBackWorld

pytestmark = pytest.mark.django_db
PEOPLE = 8
# A failing example stands within seconds; to make it short takes minutes.
HASTY = settings(phases=(Phase.explicit, Phase.reuse, Phase.generate), report_multiple_bugs=False)


class Queueing(RuleBasedStateMachine):
    """A morning at one clinic with two rooms."""

    appointments: Bundle[Appointment] = Bundle("appointments")

    def __init__(self) -> None:
        super().__init__()
        self.world = RolledBackWorld()
        self.world.__enter__()
        self.slot = at_queue.clinic_today(places=PEOPLE)
        self.nurse = at_queue.triage_of(self.slot.hospital)
        other = make.room(hospital=self.slot.hospital)
        self.rooms = [self.slot.session.room, other]
        self.shown: dict[object, tuple[int, int]] = {}

    def teardown(self) -> None:
        self.world.__exit__(None, None, None)

    @initialize(target=appointments)
    def people(self) -> Any:
        """Each with a place."""
        return multiple(*[at_queue.booked(self.slot) for _ in range(PEOPLE)])

    @rule(one=appointments, priority=st.sampled_from(["", "", "", *Priority.values]))
    def comes(self, one: Appointment, priority: str) -> None:
        """Somebody checks in, again or for the first time."""
        self.tries(
            lambda: check_in(
                appointment_id=one.pk, patient=one.patient, staff=self.nurse, priority=priority
            )
        )

    @rule(room=st.integers(0, 1))
    def is_called(self, room: int) -> None:
        """One of two desks calls."""
        queue_id = self.slot.session_id
        self.tries(lambda: call_next(queue_id=queue_id, staff=self.nurse, room=self.rooms[room]))

    @rule(which=st.sampled_from([call_again, mark_missed, admit_to_room, finish_ticket]))
    def goes_on(self, which: Callable[..., Ticket]) -> None:
        """Whoever is in a room goes one step further, if that may be."""
        for ticket in list(Ticket.objects.in_rooms())[:1]:
            self.tries(partial(which, ticket_id=ticket.pk, staff=self.nurse))

    @rule()
    def somebody_leaves(self) -> None:
        """The second in line goes home."""
        for ticket in list(Ticket.objects.waiting().in_order())[1:2]:
            self.tries(partial(leave_queue, ticket_id=ticket.pk, staff=self.nurse))

    @rule(minutes=st.integers(1, 10))
    def time_passes(self, minutes: int) -> None:
        """Some minutes."""
        clock.shift(timedelta(minutes=minutes))

    def tries(self, act: Callable[[], object]) -> None:
        """What is refused must not have happened; the invariants look."""
        try:
            act()
        except DomainError:
            return

    @invariant()
    def one_ticket_per_room_and_the_order_is_the_logs(self) -> None:
        in_rooms = list(Ticket.objects.in_rooms().values_list("called_room_id", flat=True))
        assert len(set(in_rooms)) == len(in_rooms)
        queues = {ticket.queue for ticket in Ticket.objects.select_related("queue")}
        for queue in queues:
            log = log_of(queue)
            assert [entry.number for entry in log] == list(range(1, len(log) + 1))
            assert recompute_order(queue) == called_order(log)

    @invariant()
    def streams_have_no_gaps(self) -> None:
        for stream in Stream.objects.all():
            name = StreamName(stream.hospital_id, stream.kind, stream.subject_id)
            numbers = [event.number for event in events_since(name, 0, most=10_000)]
            assert numbers == list(range(1, stream.last_number + 1))

    @invariant()
    def nobody_is_put_back_without_a_newer_reason(self) -> None:
        for ticket in Ticket.objects.waiting():
            now = position_of(ticket)
            ahead, since = self.shown.get(ticket.pk, (PEOPLE, -1))
            assert now.ahead <= ahead or (now.since > since and now.reason)
            self.shown[ticket.pk] = (now.ahead, max(since, now.since))
        waiting = set(Ticket.objects.waiting().values_list("pk", flat=True))
        self.shown = {key: seen for key, seen in self.shown.items() if key in waiting}


def test_a_queue_keeps_its_order_whatever_people_do() -> None:
    run_state_machine_as_test(Queueing, settings=HASTY)


def test_a_log_that_lies_is_found() -> None:
    slot = at_queue.clinic_today(places=3)
    for _ in range(3):
        at_queue.arrived(slot)
    nurse = at_queue.triage_of(slot.hospital)
    queue = at_queue.queue_of(slot)
    for _ in range(2):
        called = call_next(queue_id=queue.pk, staff=nurse)
        mark_missed(ticket_id=called.pk, staff=nurse)
    log = log_of(queue)
    calls = [entry for entry in log if entry.kind == "called"]
    calls[0].ticket_id, calls[1].ticket_id = calls[1].ticket_id, calls[0].ticket_id

    assert replayed(log) != called_order(log)
