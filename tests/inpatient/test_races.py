"""Two nurses at once on PostgreSQL, and each guard's twin that goes wrong without it."""

import contextlib
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

import pytest
from django.db.utils import IntegrityError

from clinic.models import Bed
from common import clock
from common.errors import InFlight
from common.locking import without_guard
from inpatient.actions.admit import admit
from inpatient.actions.deposit import ask_deposit
from inpatient.actions.discharge import discharge
from inpatient.actions.line import Charged, add_daily_line
from inpatient.bill import bill_of
from inpatient.errors import BillChanged, NotOnWard
from inpatient.models import Admission, DailyLine
from payments.errors import KeptTooLarge
from payments.ledger import equation_of
from payments.models import Refund
from tests import make
from tests.make import inpatient as wards
from tests.make.settling import settlement
from tests.threads import race
from visits.actions.order import perform_order, place_order
from visits.asked import Asked
from visits.models import Order

pytestmark = [pytest.mark.pg, pytest.mark.django_db(transaction=True)]

REPEATS = 5
TRIES = 20  # a twin must go wrong at least once in so many
Attempt = Callable[[], object]


def patiently(act: Attempt) -> Attempt:
    """Told that it is in flight, a client asks again."""

    def attempt() -> object:
        for _ in range(REPEATS):
            with contextlib.suppress(InFlight):
                return act()
        raise InFlight

    return attempt


def outcomes(results: Sequence[object]) -> Counter[str]:
    return Counter(type(result).__name__ for result in results)


def two_for_one_bed() -> list[Attempt]:
    """Two nurses with two patients at the only bed of a ward."""
    ward = wards.ward(beds=1)
    bed = Bed.objects.get(ward=ward)
    waiting = [
        wards.asked_admission(ward=ward, patient=make.patient(hospital=ward.hospital))
        for _ in range(2)
    ]
    return [
        patiently(
            partial(
                admit,
                admission_id=asked.pk,
                bed_id=bed.pk,
                given=wards.given(asked.patient),
                nurse=wards.nurse(hospital=ward.hospital),
            )
        )
        for asked in waiting
    ]


def settled_stay(*, paid_fen: int, used_fen: int) -> Admission:
    """Somebody about to go home."""
    stay = wards.admission()
    wards.paid_deposit(stay, amount_fen=paid_fen)
    wards.daily_line(stay, amount_fen=used_fen)
    return stay


def tap(stay: Admission) -> Attempt:
    """A nurse's last tap."""
    nurse = wards.nurse(hospital=stay.hospital)
    return patiently(
        partial(
            discharge,
            admission_id=stay.pk,
            wristband=str(stay.wristband),
            agreed=bill_of(stay).seal,
            nurse=nurse,
        )
    )


def test_of_two_nurses_at_one_bed_one_wins() -> None:
    for _ in range(5):
        results = race(two_for_one_bed())

        assert outcomes(results) == Counter({"Admission": 1, "BedTaken": 1})


def test_without_the_claims_guard_only_the_constraint_keeps_two_from_one_bed() -> None:
    def goes_wrong() -> bool:
        parts = two_for_one_bed()
        with without_guard("claims"):
            results = race(parts)
        return any(isinstance(result, IntegrityError) for result in results)

    assert any(goes_wrong() for _ in range(TRIES))


def test_two_nurses_discharge_once() -> None:
    for _ in range(5):
        stay = settled_stay(paid_fen=1000, used_fen=400)

        results = race([tap(stay), tap(stay)])

        assert outcomes(results) == Counter({"Admission": 2})
        bill = bill_of(stay)
        assert (bill.kept_fen, bill.returned_fen) == (400, 600)
        assert Refund.objects.filter(charge=bill.deposits[0].charge).count() == 1


def test_without_the_locks_only_the_ledger_keeps_a_stay_from_being_settled_twice() -> None:
    def goes_wrong() -> bool:
        stay = settled_stay(paid_fen=1000, used_fen=1000)
        parts = [tap(stay) for _ in range(4)]
        with without_guard("locks"):
            results = race(parts)
        return any(isinstance(result, KeptTooLarge) for result in results)

    assert any(goes_wrong() for _ in range(TRIES))


def test_a_line_against_the_discharge_is_paid_or_refused() -> None:
    for _ in range(5):
        stay = settled_stay(paid_fen=1000, used_fen=400)
        go_home = tap(stay)
        line: Attempt = partial(wards.daily_line, stay, amount_fen=500)

        results = race([go_home, line])

        refused = {type(r) for r in results if isinstance(r, Exception)}
        assert refused in ({NotOnWard}, {BillChanged})
        bill = bill_of(stay)
        assert bill.kept_fen in {0, bill.lines_fen}
        assert bill.lines_fen == (400 if NotOnWard in refused else 900)


def test_a_payment_against_the_discharge_loses_no_fen() -> None:
    for _ in range(5):
        stay = settled_stay(paid_fen=1000, used_fen=400)
        asked = ask_deposit(
            admission_id=stay.pk, amount_fen=700, staff=wards.nurse(hospital=stay.hospital)
        )
        pay = settlement(asked.charge)
        parts: list[Attempt] = [tap(stay), pay]
        results = race(parts)

        refused = {type(r) for r in results if isinstance(r, Exception)}
        assert refused <= {BillChanged}
        bill = bill_of(stay)
        assert bill.paid_fen == 1700
        assert (bill.kept_fen, bill.held_fen) in {(400, 0), (0, 1700)}


def test_orders_placed_or_performed_against_the_discharge_are_never_left_behind() -> None:
    for number in range(5):
        stay = settled_stay(paid_fen=1000, used_fen=400)
        make.price(hospital=stay.hospital, code="CT", price_fen=100)
        new = Asked(placer_number=f"N{number}", code="CT", name="")
        old = place_order(
            patient=stay.patient, asked=Asked(placer_number=f"O{number}", code="CT", name="")
        )
        charge = stay.patient.charge_set.get(subject_id=old.pk)
        settlement(charge)()
        place = partial(place_order, patient=stay.patient, asked=new)
        perform = partial(perform_order, order_id=old.pk)
        results = race([tap(stay), patiently(place), patiently(perform)])

        refused = {type(r).__name__ for r in results if isinstance(r, Exception)}
        assert refused <= {"NoOpenVisit", "BillChanged", "MoveRefused"}
        left = Order.objects.undone().filter(patient=stay.patient)
        stay.refresh_from_db()
        assert not left.exists() or stay.is_on_ward
        assert equation_of(charge).holds


def test_a_resent_line_from_two_senders_is_charged_once() -> None:
    stay = wards.admission()
    make.price(hospital=stay.hospital, code="BED", price_fen=100)
    one = Charged(source_number="HIS-7", on=clock.today(), code="BED")
    nurse = wards.nurse(hospital=stay.hospital)
    add = partial(add_daily_line, admission_id=stay.pk, charged=one, staff=nurse)

    results = race([add] * 4)

    assert outcomes(results) == Counter({"DailyLine": 4})
    assert DailyLine.objects.count() == 1
