"""Many at once on PostgreSQL, and each guard's twin that goes wrong without it."""

import contextlib
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db.utils import IntegrityError

from booking.actions.book import book_appointment
from booking.actions.cancel import cancel_appointment
from booking.actions.close import close_session, resolve_closed_sessions
from booking.actions.lapse import lapse_hold
from booking.errors import AlreadyBooked, SlotFull, TooManyVisits
from booking.models import Appointment, Channel, Place, Slot
from common import clock
from common.commands import command
from common.errors import InFlight
from common.locking import wait_for_first, without_guard
from patients.models import Patient
from payments.ledger import equation_of
from payments.models import Charge, Refund
from tests import make
from tests.booking.invariants import faults_of_places
from tests.make.settling import settlement
from tests.threads import race

pytestmark = [pytest.mark.pg, pytest.mark.django_db(transaction=True)]

REPEATS = 5
TRIES = 20  # a twin must go wrong at least once in so many
Outcome = Appointment | Exception


def booking(slot: Slot, patient: Patient) -> Callable[[], Appointment]:
    """One patient's attempt; told that it is in flight, a client asks again."""
    account = make.account()

    def attempt() -> Appointment:
        for _ in range(REPEATS):
            with contextlib.suppress(InFlight):
                return book_appointment(
                    slot_id=slot.pk, patient=patient, channel=Channel.ONLINE, account=account
                )
        raise InFlight

    return attempt


def outcomes(results: list[Outcome]) -> Counter[str]:
    return Counter(type(result).__name__ for result in results)


def test_five_hundred_attempts_sell_exactly_twenty_places() -> None:
    slot = make.slot(places=20)
    patients = [make.patient(hospital=slot.hospital) for _ in range(500)]
    waves = [patients[n : n + 60] for n in range(0, 500, 60)]

    told = Counter[str]()
    for wave in waves:
        told += outcomes(race([booking(slot, patient) for patient in wave]))

    assert told["Appointment"] == 20
    assert told["SlotFull"] == 480
    assert faults_of_places() == []


def test_without_the_claims_guard_a_place_is_sold_twice() -> None:
    def goes_wrong() -> bool:
        slot = make.slot(places=2)
        patients = [make.patient(hospital=slot.hospital) for _ in range(20)]
        with without_guard("claims"):
            race([booking(slot, patient) for patient in patients])
        return bool(faults_of_places())

    assert any(goes_wrong() for _ in range(TRIES))


class ChangedMind(Exception):
    """A claim that is rolled back on purpose."""


def test_nobody_is_told_full_while_a_rolled_back_place_was_free() -> None:
    """With one steady patient fewer than places, a place is free or in flight all the time."""
    slot = make.slot(places=20)
    patients = [make.patient(hospital=slot.hospital) for _ in range(39)]
    account = make.account()

    def change_mind(patient: Patient) -> Appointment:
        with command():
            book_appointment(
                slot_id=slot.pk, patient=patient, channel=Channel.ONLINE, account=account
            )
            raise ChangedMind

    fickle = [partial(change_mind, patient) for patient in patients[:20]]
    steady = [booking(slot, patient) for patient in patients[20:]]
    parts = fickle + steady
    random.Random(7).shuffle(parts)  # noqa: S311 - an order, not a secret
    told = outcomes(race(parts))

    assert set(told) <= {"Appointment", "ChangedMind", "InFlight"}
    assert Appointment.objects.count() == told["Appointment"]
    assert faults_of_places() == []


def test_one_patient_on_four_phones_has_one_visit() -> None:
    slot = make.slot(places=4)
    patient = make.patient(hospital=slot.hospital)

    results = race([booking(slot, patient) for _ in range(4)])

    assert outcomes(results) == Counter({"Appointment": 1, "AlreadyBooked": 3})
    assert faults_of_places() == []


def test_limits_hold_over_two_hospitals_at_once() -> None:
    slots = [make.slot() for _ in range(6)]
    number = make.resident_id()
    patients = [make.patient(hospital=slot.hospital, document_number=number) for slot in slots]

    results = race([booking(s, p) for s, p in zip(slots, patients, strict=True)])

    assert outcomes(results) == Counter({"Appointment": 2, "TooManyVisits": 4})


def test_without_the_persons_lock_a_limit_is_broken() -> None:
    def goes_wrong() -> bool:
        slots = [make.slot() for _ in range(6)]
        number = make.resident_id()
        patients = [make.patient(hospital=slot.hospital, document_number=number) for slot in slots]
        with without_guard("locks"):
            results = race([booking(s, p) for s, p in zip(slots, patients, strict=True)])
        return outcomes(results)["Appointment"] > 2

    assert any(goes_wrong() for _ in range(TRIES))


def close_and_resolve(slot: Slot) -> None:
    """What the booking office and the next sweep do."""
    close_session(session_id=slot.session_id, hospital=slot.hospital, because="医生生病")
    resolve_closed_sessions()


def race_with_closing() -> tuple[Slot, list[object]]:
    slot = make.slot(places=10)
    patients = [make.patient(hospital=slot.hospital) for _ in range(10)]
    parts: list[Callable[[], object]] = [booking(slot, patient) for patient in patients]
    return slot, race([*parts, partial(close_and_resolve, slot)])


def test_booking_against_closing_leaves_nobody_behind() -> None:
    for _ in range(5):
        slot, results = race_with_closing()

        refused = [r for r in results if isinstance(r, Exception)]
        assert all(isinstance(r, SlotFull | InFlight) for r in refused), refused
        assert not Appointment.objects.live().filter(slot=slot).exists()
        assert not Place.objects.filter(slot=slot, closed_at=None).exists()
        displaced = Appointment.objects.filter(slot=slot, status=Appointment.Status.DISPLACED)
        assert displaced.count() == 10 - len(refused)


def test_without_the_claims_guard_somebody_is_left_in_a_closed_clinic() -> None:
    def goes_wrong() -> bool:
        with without_guard("claims"):
            slot, _ = race_with_closing()
        return Appointment.objects.live().filter(slot=slot).exists()

    assert any(goes_wrong() for _ in range(TRIES))


@pytest.mark.parametrize("first", ["book", "close"])
def test_booking_and_closing_in_either_order(first: str) -> None:
    slot = make.slot()
    book = booking(slot, make.patient(hospital=slot.hospital))
    close = partial(
        close_session, session_id=slot.session_id, hospital=slot.hospital, because="停诊"
    )
    order: list[Callable[[], object]] = [book, close] if first == "book" else [close, book]

    told = []
    for part in order:
        try:
            told.append(part())
        except SlotFull as refusal:
            told.append(refusal)
    resolve_closed_sessions()

    assert Appointment.objects.count() == (1 if first == "book" else 0)
    assert not Appointment.objects.live().exists()
    assert faults_of_places() == []


def race_with_payment(
    act: Callable[[Appointment], Callable[[], object]], *, after: timedelta = timedelta(0)
) -> tuple[Appointment, Charge, list[object]]:
    """A payment is settled while something else happens to the appointment."""
    slot = make.slot()
    made = make.appointment(slot=slot, patient=make.patient(hospital=slot.hospital))
    charge = Charge.objects.get(subject_id=made.pk)
    parts: list[Callable[[], object]] = [settlement(charge), act(made)]
    with clock.freeze(clock.now() + after):
        results = race(parts)
    made.refresh_from_db()
    return made, charge, results


def cancelling(made: Appointment) -> Callable[[], object]:
    return partial(cancel_appointment, appointment_id=made.pk, patient=made.patient)


def lapsing(made: Appointment) -> Callable[[], object]:
    return partial(lapse_hold, appointment_id=made.pk)


HOLD_IS_OVER = timedelta(minutes=16)


def is_as_it_should_be(made: Appointment, charge: Charge) -> bool:
    """A visit that will happen is paid for and keeps its place; any other is refunded once."""
    refunded = [refund.amount_fen for refund in Refund.objects.filter(charge=charge)]
    owed = [] if made.status == Appointment.Status.BOOKED else [charge.amount_fen]
    return refunded == owed and equation_of(charge).holds and faults_of_places() == []


def test_cancel_against_payment_loses_no_fen() -> None:
    for _ in range(5):
        made, charge, results = race_with_payment(cancelling)

        assert not [r for r in results if isinstance(r, Exception)], results
        assert made.status == Appointment.Status.CANCELLED
        assert is_as_it_should_be(made, charge)


def test_lapse_against_payment_has_one_winner() -> None:
    for _ in range(5):
        made, charge, results = race_with_payment(lapsing, after=HOLD_IS_OVER)

        assert not [r for r in results if isinstance(r, Exception)], results
        assert made.status in {Appointment.Status.BOOKED, Appointment.Status.LAPSED}
        assert is_as_it_should_be(made, charge)


@pytest.mark.parametrize("act", [cancelling, lapsing])
def test_without_locks_payment_and_the_other_both_win(
    act: Callable[[Appointment], Callable[[], object]],
) -> None:
    def goes_wrong() -> bool:
        with without_guard("locks"):
            made, charge, results = race_with_payment(act, after=HOLD_IS_OVER)
        failed = any(isinstance(result, Exception) for result in results)
        return failed or not is_as_it_should_be(made, charge)

    assert any(goes_wrong() for _ in range(TRIES))


def test_two_visits_of_one_person_never_pass_the_constraint() -> None:
    slot = make.slot(places=2)
    patient = make.patient(hospital=slot.hospital)

    with without_guard("locks"):
        results = race([booking(slot, patient) for _ in range(4)])

    kinds = {type(r) for r in results if isinstance(r, Exception)}
    assert kinds <= {AlreadyBooked, TooManyVisits, IntegrityError, SlotFull, InFlight}
    assert Appointment.objects.live().count() == 1


def test_whoever_waited_for_a_place_holds_none() -> None:
    """Else a clinic that stops and a patient who waits would each hold what the other wants."""
    slot = make.slot(places=2)
    free = Place.objects.filter(slot=slot, appointment=None)

    def takes_the_first() -> int:
        with command():
            return free.select_for_update(nowait=True).get(number=1).number

    with command():
        wait_for_first(free, seconds=1.0)
        (seen,) = race([takes_the_first])

    assert seen == 1
