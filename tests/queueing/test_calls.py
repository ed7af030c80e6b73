"""Checking in, being called, missing it, coming back, being seen."""

from datetime import timedelta

import pytest

from booking.actions.book import book_appointment
from booking.actions.close import close_session, displace
from booking.errors import AppointmentUnknown
from booking.models import Appointment, Channel, Slot
from common import clock
from common.errors import MoveRefused
from notifications.models import Message
from payments.ledger import balance_of
from payments.models import Charge, LedgerAccount
from queueing.actions.call import admit_to_room, call_again, call_next, leave_queue, mark_missed
from queueing.actions.check_in import check_in
from queueing.actions.finish import finish_ticket
from queueing.answers import in_todays_queue
from queueing.errors import (
    NobodyWaits,
    NotExpected,
    NotPaid,
    NotYourQueue,
    QueueUnknown,
    RoomOccupied,
    TicketUnknown,
    TooEarly,
    TooLate,
)
from queueing.models import Priority, QueueEntry, Ticket
from queueing.replay import log_of
from tests import make
from tests.make import queueing as at_queue
from visits.actions.order import place_order
from visits.asked import Asked
from visits.models import Visit

pytestmark = pytest.mark.django_db
Status = Ticket.Status


def labels(slot: Slot) -> list[str]:
    return [
        ticket.label for ticket in Ticket.objects.of(at_queue.queue_of(slot)).waiting().in_order()
    ]


def test_who_checks_in_has_arrived_with_a_visit_and_a_ticket() -> None:
    slot = at_queue.clinic_today()
    appointment = at_queue.booked(slot)

    ticket = check_in(appointment_id=appointment.pk, patient=appointment.patient)

    assert ticket.status == Status.WAITING
    assert ticket.label == "A001"
    assert Appointment.objects.get().status == Appointment.Status.ARRIVED
    assert Visit.objects.get().appointment_id == appointment.pk
    assert [entry.kind for entry in log_of(ticket.queue)] == ["joined"]


def test_checking_in_twice_is_one_ticket() -> None:
    slot = at_queue.clinic_today()
    appointment = at_queue.booked(slot)
    first = check_in(appointment_id=appointment.pk, patient=appointment.patient)

    again = check_in(appointment_id=appointment.pk, patient=appointment.patient)

    assert again.pk == first.pk
    assert QueueEntry.objects.count() == 1


def test_the_order_is_that_of_the_slots_not_of_coming() -> None:
    slot = at_queue.clinic_today(places=2)
    early, late = at_queue.booked(slot), at_queue.booked(slot)

    at_queue.arrived(slot, appointment=late)
    at_queue.arrived(slot, appointment=early)

    assert labels(slot) == ["A001", "A002"]


def test_before_the_doors_open_it_is_too_early_and_nothing_happens() -> None:
    slot = at_queue.clinic_today()
    appointment = at_queue.booked(slot)
    clock.shift(timedelta(minutes=-15))

    with pytest.raises(TooEarly) as refusal:
        check_in(appointment_id=appointment.pk, patient=appointment.patient)

    assert refusal.value.facts["opens_at"] == slot.begins_at - timedelta(minutes=30)
    assert not Ticket.objects.exists()
    assert Appointment.objects.get().status == Appointment.Status.BOOKED


def test_after_the_session_it_is_too_late() -> None:
    slot = at_queue.clinic_today()
    appointment = at_queue.booked(slot)
    clock.shift_to(slot.session.ends_at)

    with pytest.raises(TooLate):
        check_in(appointment_id=appointment.pk, patient=appointment.patient)

    assert not Visit.objects.exists()


def test_the_late_wait_behind_those_of_the_hour() -> None:
    slot = at_queue.clinic_today(places=1)
    later = at_queue.later_slot(slot, minutes_later=25, places=1)
    tardy, punctual = at_queue.booked(slot), at_queue.booked(later)
    clock.shift_to(slot.begins_at + timedelta(minutes=20))
    at_queue.arrived(later, appointment=punctual)
    clock.shift_to(slot.begins_at + timedelta(minutes=31))

    ticket = at_queue.arrived(slot, appointment=tardy)

    assert [entry.reason for entry in log_of(ticket.queue)] == ["", "late"]
    assert labels(slot) == ["A002", "A001"]


def test_the_missed_appointment_is_let_in_late() -> None:
    slot = at_queue.clinic_today()
    appointment = at_queue.booked(slot)
    appointment.move_to(Appointment.Status.MISSED)

    ticket = check_in(appointment_id=appointment.pk, patient=appointment.patient)

    assert ticket.status == Status.WAITING


def test_an_unpaid_hold_cannot_check_in() -> None:
    slot = at_queue.clinic_today(fee_fen=5000)
    who = make.account()
    patient = make.patient(hospital=slot.hospital, account=who)
    held = book_appointment(slot_id=slot.pk, patient=patient, channel=Channel.WINDOW, account=who)

    with pytest.raises(NotPaid):
        check_in(appointment_id=held.pk, patient=patient)

    assert not Ticket.objects.exists()


def test_a_stopped_clinic_expects_nobody() -> None:
    slot = at_queue.clinic_today()
    appointment = at_queue.booked(slot)
    close_session(session_id=slot.session_id, hospital=slot.hospital, because="医生病假")
    displace(appointment_id=appointment.pk)

    with pytest.raises(NotExpected):
        check_in(appointment_id=appointment.pk, patient=appointment.patient)


def test_somebody_elses_appointment_does_not_exist() -> None:
    slot = at_queue.clinic_today()
    appointment = at_queue.booked(slot)
    stranger = make.patient(hospital=slot.hospital)

    with pytest.raises(AppointmentUnknown):
        check_in(appointment_id=appointment.pk, patient=stranger)


def test_an_emergency_is_called_first_and_priority_before_its_hour() -> None:
    slot = at_queue.clinic_today(places=3)
    desk = at_queue.triage_of(slot.hospital)
    at_queue.arrived(slot)
    at_queue.arrived(slot, priority=Priority.ELDERLY, staff=desk)
    ticket = at_queue.arrived(slot, priority=Priority.EMERGENCY, staff=desk)

    assert labels(slot) == ["A003", "A002", "A001"]
    assert [entry.reason for entry in log_of(ticket.queue)] == ["", "elderly", "emergency"]


def test_a_call_names_the_first_in_line_and_the_room() -> None:
    slot = at_queue.clinic_today(places=2)
    first = at_queue.arrived(slot)
    at_queue.arrived(slot)

    called = call_next(queue_id=first.queue_id, staff=at_queue.doctor_of(slot))

    assert called.pk == first.pk
    assert called.status == Status.CALLED
    assert called.called_room == slot.session.room


def test_nobody_is_called_to_a_room_with_somebody_in_it() -> None:
    slot = at_queue.clinic_today(places=2)
    first = at_queue.arrived(slot)
    at_queue.arrived(slot)
    doctor = at_queue.doctor_of(slot)
    call_next(queue_id=first.queue_id, staff=doctor)

    with pytest.raises(RoomOccupied):
        call_next(queue_id=first.queue_id, staff=doctor)

    assert Ticket.objects.in_rooms().count() == 1


def test_an_empty_queue_calls_nobody() -> None:
    slot = at_queue.clinic_today()
    ticket = at_queue.arrived(slot)
    doctor = at_queue.doctor_of(slot)
    leave_queue(ticket_id=ticket.pk, staff=doctor)

    with pytest.raises(NobodyWaits):
        call_next(queue_id=ticket.queue_id, staff=doctor)


def test_another_doctor_may_not_call_and_another_hospital_finds_nothing() -> None:
    slot = at_queue.clinic_today()
    ticket = at_queue.arrived(slot)
    colleague = make.staff(hospital=slot.hospital)
    stranger = make.staff()

    with pytest.raises(NotYourQueue):
        call_next(queue_id=ticket.queue_id, staff=colleague)
    with pytest.raises(QueueUnknown):
        call_next(queue_id=ticket.queue_id, staff=stranger)
    with pytest.raises(TicketUnknown):
        mark_missed(ticket_id=ticket.pk, staff=stranger)

    assert Ticket.objects.get().status == Status.WAITING


def test_who_missed_a_call_comes_back_behind_five() -> None:
    slot = at_queue.clinic_today(places=8)
    tickets = [at_queue.arrived(slot) for _ in range(8)]
    doctor = at_queue.doctor_of(slot)
    missed = call_next(queue_id=tickets[0].queue_id, staff=doctor)
    mark_missed(ticket_id=missed.pk, staff=doctor)

    check_in(appointment_id=missed.appointment_id, patient=missed.patient)

    expected = ["A002", "A003", "A004", "A005", "A006", "A001", "A007", "A008"]
    assert labels(slot) == expected


def test_who_missed_a_call_in_a_short_line_goes_to_its_end() -> None:
    slot = at_queue.clinic_today(places=2)
    first = at_queue.arrived(slot)
    at_queue.arrived(slot)
    doctor = at_queue.doctor_of(slot)
    call_next(queue_id=first.queue_id, staff=doctor)
    mark_missed(ticket_id=first.pk, staff=doctor)

    check_in(appointment_id=first.appointment_id, patient=first.patient)

    assert labels(slot) == ["A002", "A001"]


def test_a_second_call_is_heard_again_and_changes_nothing() -> None:
    slot = at_queue.clinic_today()
    ticket = at_queue.arrived(slot)
    doctor = at_queue.doctor_of(slot)
    call_next(queue_id=ticket.queue_id, staff=doctor)

    again = call_again(ticket_id=ticket.pk, staff=doctor)

    assert again.status == Status.CALLED
    assert [entry.kind for entry in log_of(ticket.queue)] == ["joined", "called", "called_again"]


def test_who_was_not_called_cannot_miss_it() -> None:
    slot = at_queue.clinic_today()
    ticket = at_queue.arrived(slot)

    with pytest.raises(MoveRefused):
        mark_missed(ticket_id=ticket.pk, staff=at_queue.doctor_of(slot))

    assert QueueEntry.objects.count() == 1


def seen(slot: Slot) -> Ticket:
    doctor = at_queue.doctor_of(slot)
    ticket = at_queue.arrived(slot)
    call_next(queue_id=ticket.queue_id, staff=doctor)
    admit_to_room(ticket_id=ticket.pk, staff=doctor)
    return ticket


def test_who_was_seen_has_earned_the_hospital_its_fee_and_goes_home() -> None:
    slot = at_queue.clinic_today(fee_fen=5000)
    ticket = seen(slot)

    finish_ticket(ticket_id=ticket.pk, staff=at_queue.doctor_of(slot))

    charge = Charge.objects.get(subject_id=ticket.appointment_id)
    assert Ticket.objects.get().status == Status.DONE
    assert Appointment.objects.get().status == Appointment.Status.SEEN
    assert balance_of(charge, LedgerAccount.HELD) == 0
    assert Visit.objects.get().status == Visit.Status.ENDED


def test_a_visit_with_something_to_do_stays_open() -> None:
    slot = at_queue.clinic_today()
    ticket = seen(slot)
    make.price(hospital=slot.hospital, code="CBC")
    place_order(patient=ticket.patient, asked=Asked(placer_number="1", code="CBC", name="血常规"))

    finish_ticket(ticket_id=ticket.pk, staff=at_queue.doctor_of(slot))

    assert Visit.objects.get().status == Visit.Status.OPEN


def test_who_has_arrived_is_called_though_the_clinic_was_stopped() -> None:
    slot = at_queue.clinic_today(places=2)
    first = at_queue.arrived(slot)
    at_queue.arrived(slot)

    was_displaced = displace(appointment_id=first.appointment_id)
    called = call_next(queue_id=first.queue_id, staff=at_queue.doctor_of(slot))

    assert not was_displaced
    assert called.pk == first.pk


def test_the_turn_is_promised_when_near_and_when_called() -> None:
    slot = at_queue.clinic_today(places=5)
    for code in ("turn_near", "your_turn"):
        make.template(
            hospital=slot.hospital,
            code=code,
            scope="queue",
            body="{ticket} {room}",
            fields={"thing1": "room"},
        )
    tickets = [at_queue.arrived(slot) for _ in range(5)]

    call_next(queue_id=tickets[0].queue_id, staff=at_queue.doctor_of(slot))

    near = Message.objects.filter(template="turn_near").exclude(status=Message.Status.WITHDRAWN)
    assert {m.about_id for m in near} == {t.pk for t in tickets[1:4]}
    assert [m.about_id for m in Message.objects.filter(template="your_turn")] == [tickets[0].pk]


def test_todays_queue_is_a_care_relation_of_its_doctor_alone() -> None:
    slot = at_queue.clinic_today()
    ticket = at_queue.arrived(slot)
    doctor, nurse = at_queue.doctor_of(slot), at_queue.triage_of(slot.hospital)

    assert in_todays_queue(doctor, ticket.patient) == ["today's queue"]
    assert in_todays_queue(nurse, ticket.patient) == []
    clock.shift(timedelta(days=1))
    assert in_todays_queue(doctor, ticket.patient) == []
