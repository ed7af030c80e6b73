"""Invariant 1 under anything people do in any order, against a model that knows no database."""

from datetime import timedelta
from typing import Any

import pytest
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

from booking.actions.cancel import cancel_appointment
from booking.actions.close import close_session, resolve_closed_sessions
from booking.actions.lapse import lapse_holds
from booking.errors import AlreadyBooked, SlotFull, TooLateToCancel, TooManyVisits
from booking.models import Appointment, Slot
from common import clock
from common.errors import MoveRefused
from payments.models import Charge
from tests import make
from tests.booking.invariants import faults_of_places
from tests.make.settling import settlement
from tests.rolled_back import RolledBackWorld

SLOTS, PLACES, PEOPLE = 2, 2, 4


class Bookings(RuleBasedStateMachine):
    """Four people and two slots of two places, in one session each."""

    appointments: Bundle[Appointment] = Bundle("appointments")

    def __init__(self) -> None:
        super().__init__()
        self.world = RolledBackWorld()
        self.world.__enter__()

    @initialize()
    def open_the_hospital(self) -> None:
        """Two departments, so that the caps do not hide the places."""
        hospital = make.hospital()
        self.slots = [
            make.slot(hospital=hospital, places=PLACES, on=clock.today() + timedelta(days=3 + n))
            for n in range(SLOTS)
        ]
        self.patients = [make.patient(hospital=hospital) for _ in range(PEOPLE)]
        self.keeps: dict[Any, Slot] = {}  # what the model knows: who has a place where
        self.is_open = dict.fromkeys((slot.pk for slot in self.slots), True)

    @rule(
        target=appointments,
        who=st.integers(0, PEOPLE - 1),
        where=st.integers(0, SLOTS - 1),
    )
    def book(self, who: int, where: int) -> Any:
        """The model says whether a place is free; so must the system."""
        slot, patient = self.slots[where], self.patients[who]
        taken = [kept for kept in self.keeps.values() if kept == slot]
        is_full = len(taken) >= PLACES or not self.is_open[slot.pk]
        try:
            made = make.appointment(slot=slot, patient=patient)
        except SlotFull:
            assert is_full
        except (AlreadyBooked, TooManyVisits):
            assert Appointment.objects.counted().filter(patient=patient, slot=slot).exists()
        else:
            assert not is_full
            self.keeps[made.pk] = slot
            return made
        return multiple()

    @rule(appointment=appointments)
    def pay(self, appointment: Appointment) -> None:
        """Paid in time it stays; paid too late the money goes back and no place is taken."""
        charge = Charge.objects.get(subject_id=appointment.pk)
        settlement(charge)()

    @rule(appointment=appointments)
    def cancel(self, appointment: Appointment) -> None:
        """Giving back frees the place, unless it is over or too late."""
        try:
            cancel_appointment(appointment_id=appointment.pk, patient=appointment.patient)
        except MoveRefused:
            assert appointment.pk not in self.keeps
        except TooLateToCancel:
            assert clock.now() >= appointment.cancel_until
        else:
            del self.keeps[appointment.pk]

    @rule(minutes=st.integers(1, 30))
    def time_passes(self, minutes: int) -> None:
        """Holds lapse on our clock."""
        clock.shift(timedelta(minutes=minutes))
        overdue = set(Appointment.objects.overdue(clock.now()).values_list("pk", flat=True))
        lapse_holds()
        for key in overdue:
            self.keeps.pop(key, None)

    @rule(where=st.integers(0, SLOTS - 1))
    def stop(self, where: int) -> None:
        """A clinic stops; everybody in it is dealt with."""
        slot = self.slots[where]
        if not self.is_open[slot.pk]:
            return
        close_session(session_id=slot.session_id, hospital=slot.hospital, because="停诊")
        resolve_closed_sessions()
        self.is_open[slot.pk] = False
        self.keeps = {key: kept for key, kept in self.keeps.items() if kept != slot}

    @invariant()
    def places_and_appointments_agree(self) -> None:
        """The database and the model say the same."""
        if not hasattr(self, "keeps"):
            return
        assert faults_of_places() == []
        live = set(Appointment.objects.live().values_list("pk", flat=True))
        assert live == set(self.keeps)

    def teardown(self) -> None:
        """Forget everything."""
        self.world.__exit__(None, None, None)


@pytest.mark.django_db
def test_a_place_has_one_live_appointment_whatever_happens() -> None:
    run_state_machine_as_test(Bookings)
