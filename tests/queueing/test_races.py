"""Two desks and sixteen threads at one queue on PostgreSQL, and the twin without its guard."""

from collections import Counter
from functools import partial

import pytest

from accounts.models import Staff
from booking.models import Slot
from common.locking import without_guard
from queueing.actions.call import call_next
from queueing.actions.check_in import check_in
from queueing.errors import NobodyWaits, RoomOccupied
from queueing.models import Queue, QueueEntry, Ticket
from queueing.replay import called_order, log_of, recompute_order
from tests import make
from tests.make import queueing as at_queue
from tests.threads import race

pytestmark = [pytest.mark.pg, pytest.mark.django_db(transaction=True)]
DESKS = 16
TRIES = 20  # a twin must go wrong at least once in so many


def waiting_room(*, people: int) -> tuple[Slot, Staff]:
    slot = at_queue.clinic_today(places=people)
    for _ in range(people):
        at_queue.arrived(slot)
    return slot, at_queue.triage_of(slot.hospital)


def faults_of(queue: Queue) -> list[str]:
    """What is wrong with the queue, in words: invariant 4."""
    log = log_of(queue)
    found = []
    if [entry.number for entry in log] != list(range(1, len(log) + 1)):
        found.append("the log has gaps")
    if called_order(log) != recompute_order(queue):
        found.append("the calls were not those of the log")
    if len(set(called_order(log))) != len(called_order(log)):
        found.append("a ticket was called twice")
    return found


def test_sixteen_desks_at_one_room_call_one_patient() -> None:
    slot, nurse = waiting_room(people=3)
    queue = at_queue.queue_of(slot)

    results = race([partial(call_next, queue_id=queue.pk, staff=nurse) for _ in range(DESKS)])

    told = Counter(type(result) for result in results)
    assert told == Counter({Ticket: 1, RoomOccupied: DESKS - 1})
    assert faults_of(queue) == []


def test_sixteen_desks_with_rooms_of_their_own_never_call_one_ticket_twice() -> None:
    slot, nurse = waiting_room(people=10)
    queue = at_queue.queue_of(slot)
    rooms = [make.room(hospital=slot.hospital) for _ in range(DESKS)]

    results = race([partial(call_next, queue_id=queue.pk, staff=nurse, room=r) for r in rooms])

    called = [result.pk for result in results if isinstance(result, Ticket)]
    told = Counter(type(result) for result in results)
    assert told == Counter({Ticket: 10, NobodyWaits: DESKS - 10})
    assert len(set(called)) == 10
    assert faults_of(queue) == []


def test_without_the_locks_two_desks_meet_at_one_ticket() -> None:
    def goes_wrong() -> bool:
        slot, nurse = waiting_room(people=2)
        queue = at_queue.queue_of(slot)
        rooms = [make.room(hospital=slot.hospital) for _ in range(2)]
        calls = [partial(call_next, queue_id=queue.pk, staff=nurse, room=r) for r in rooms]
        with without_guard("locks"):
            results = race(calls)
        called = [result.pk for result in results if isinstance(result, Ticket)]
        return len(set(called)) != len(rooms) or bool(faults_of(queue))

    assert any(goes_wrong() for _ in range(TRIES))


def test_two_who_come_first_open_one_queue() -> None:
    slot = at_queue.clinic_today(places=4)
    people = [at_queue.booked(slot) for _ in range(4)]

    results = race(
        [partial(check_in, appointment_id=one.pk, patient=one.patient) for one in people]
    )

    assert not [result for result in results if isinstance(result, Exception)], results
    assert Queue.objects.count() == 1
    assert faults_of(at_queue.queue_of(slot)) == []


def test_one_patient_who_taps_four_times_has_one_ticket() -> None:
    slot = at_queue.clinic_today()
    one = at_queue.booked(slot)

    results = race(
        [partial(check_in, appointment_id=one.pk, patient=one.patient) for _ in range(4)]
    )

    assert {result.pk for result in results if isinstance(result, Ticket)} == {
        Ticket.objects.get().pk
    }
    assert QueueEntry.objects.count() == 1
