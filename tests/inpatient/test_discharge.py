"""Deposits, daily lists, and going home with the balance."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.models import Bed
from common import clock
from common.live import events_since
from inpatient.actions.deposit import ask_balance, ask_deposit
from inpatient.actions.discharge import discharge
from inpatient.actions.line import Charged, add_daily_line, reverse_daily_line
from inpatient.bill import Bill, bill_of
from inpatient.errors import (
    BalanceDue,
    BillChanged,
    DateOutsideStay,
    DepositTooLarge,
    LineDiffers,
    LineReversed,
    NothingDue,
    NotOnWard,
    PriceUnknown,
    WristbandDiffers,
)
from inpatient.models import Admission, DailyLine
from inpatient.words import DAILY_LIST, DISCHARGED
from notifications.models import Message
from patients.models import Scope
from payments.ledger import equation_of
from payments.ledger_faults import ledger_faults
from payments.models import Charge, Refund
from tests import make
from tests.make import inpatient as wards
from tests.make.settling import settlement
from tests.rolled_back import RolledBackWorld
from visits.actions.order import perform_order, place_order
from visits.asked import Asked
from visits.models import Order, Visit

pytestmark = pytest.mark.django_db


def go_home(stay: Admission, *, agreed: str = "", wristband: str = "") -> Admission:
    """The nurse taps, with the bill as it is now unless told."""
    return discharge(
        admission_id=stay.pk,
        wristband=wristband or str(stay.wristband),
        agreed=agreed or bill_of(stay).seal,
        nurse=wards.nurse(hospital=stay.hospital),
    )


def money_of(stay: Admission) -> Bill:
    """The bill; every deposit's equation holds."""
    bill = bill_of(stay)
    assert all(equation_of(deposit.charge).holds for deposit in bill.deposits)
    assert ledger_faults(stay.hospital) == []
    return bill


def test_a_deposit_is_what_the_policy_asks() -> None:
    stay = wards.admission()

    deposit = ask_deposit(admission_id=stay.pk, staff=wards.nurse(hospital=stay.hospital))

    assert (deposit.charge.amount_fen, deposit.charge.purpose) == (100_000, "deposit")
    assert deposit.charge.patient == stay.patient


def test_a_deposit_above_the_cap_is_refused() -> None:
    stay = wards.admission()

    with pytest.raises(DepositTooLarge):
        wards.paid_deposit(stay, amount_fen=100_001)

    assert not Charge.objects.filter(purpose="deposit").exists()


def test_a_double_tap_asks_for_one_deposit() -> None:
    stay = wards.admission()
    nurse = wards.nurse(hospital=stay.hospital)

    first = ask_deposit(admission_id=stay.pk, staff=nurse)
    second = ask_deposit(admission_id=stay.pk, staff=nurse)

    assert first == second
    assert Charge.objects.filter(purpose="deposit").count() == 1


def test_a_paid_deposit_shows_on_the_ward_and_in_the_bill() -> None:
    stay = wards.admission()

    wards.paid_deposit(stay, amount_fen=60_000)

    bill = bill_of(stay)
    assert (bill.paid_fen, bill.left_fen, bill.due_fen) == (60_000, 60_000, 0)
    assert events_since(stay.ward_stream, 0)[-1].kind == "deposit_paid"


def test_a_resent_line_is_charged_once() -> None:
    stay = wards.admission()
    make.price(hospital=stay.hospital, code="BED", price_fen=4000)
    charged = Charged(source_number="HIS-1", on=clock.today(), code="BED", quantity=2)
    nurse = wards.nurse(hospital=stay.hospital)

    first = add_daily_line(admission_id=stay.pk, charged=charged, staff=nurse)
    second = add_daily_line(admission_id=stay.pk, charged=charged, staff=nurse)

    assert first == second
    assert bill_of(stay).lines_fen == 8000


def test_a_number_that_says_something_else_is_refused() -> None:
    stay = wards.admission()
    wards.daily_line(stay, amount_fen=100, source_number="HIS-1")

    with pytest.raises(LineDiffers):
        wards.daily_line(stay, amount_fen=200, source_number="HIS-1")

    assert bill_of(stay).lines_fen == 100


def test_an_unknown_price_charges_nothing() -> None:
    stay = wards.admission()

    with pytest.raises(PriceUnknown):
        add_daily_line(
            admission_id=stay.pk,
            charged=Charged(source_number="HIS-1", on=clock.today(), code="NONE"),
            staff=wards.nurse(hospital=stay.hospital),
        )


@pytest.mark.parametrize("days", [-1, 1])
def test_a_line_belongs_to_a_day_of_the_stay(days: int) -> None:
    stay = wards.admission()

    with pytest.raises(DateOutsideStay):
        wards.daily_line(stay, amount_fen=100, on=clock.today() + timedelta(days=days))


def test_each_date_has_one_list_and_is_told_once_the_morning_after() -> None:
    stay = wards.admission()
    make.template(hospital=stay.hospital, code=DAILY_LIST, scope=Scope.INPATIENT)
    wards.daily_line(stay, amount_fen=100)
    wards.daily_line(stay, amount_fen=200)
    clock.shift(timedelta(days=1))
    wards.daily_line(stay, amount_fen=300)

    told = Message.objects.filter(template=DAILY_LIST).order_by("due_at")

    assert [daily.on.day for daily in stay.daily_lists.order_by("on")] == [2, 3]
    assert [f"{clock.local(m.due_at):%d %H:%M}" for m in told] == ["03 07:30", "04 07:30"]


def test_a_reversal_takes_the_line_off_once() -> None:
    stay = wards.admission()
    line = wards.daily_line(stay, amount_fen=700)
    nurse = wards.nurse(hospital=stay.hospital)
    reversal = reverse_daily_line(line_id=line.pk, source_number="R-1", staff=nurse)

    assert reverse_daily_line(line_id=line.pk, source_number="R-1", staff=nurse) == reversal
    with pytest.raises(LineReversed):
        reverse_daily_line(line_id=line.pk, source_number="R-2", staff=nurse)
    with pytest.raises(LineReversed):
        reverse_daily_line(line_id=reversal.pk, source_number="R-3", staff=nurse)

    assert bill_of(stay).lines_fen == 0
    assert DailyLine.objects.count() == 2


def test_the_balance_goes_back_and_the_bed_is_free() -> None:
    stay = wards.admission()
    make.template(hospital=stay.hospital, code=DISCHARGED, scope=Scope.INPATIENT)
    deposit = wards.paid_deposit(stay, amount_fen=100_000)
    wards.daily_line(stay, amount_fen=34_567)

    gone = go_home(stay)

    bill = money_of(stay)
    refund = Refund.objects.get(charge=deposit.charge)
    assert (refund.amount_fen, refund.reason) == (65_433, "deposit_balance")
    assert (bill.kept_fen, bill.returned_fen, bill.held_fen) == (34_567, 65_433, 0)
    assert gone.status == Admission.Status.DISCHARGED
    assert not Bed.objects.filter(admission_id__isnull=False).exists()
    assert Visit.objects.get(admission=stay).status == Visit.Status.ENDED
    assert Message.objects.filter(template=DISCHARGED).count() == 1
    assert events_since(stay.ward_stream, 0)[-1].kind == "discharged"
    assert events_since(stay.day_stream, 0)[-1].kind == "discharged"


def test_a_second_discharge_changes_nothing() -> None:
    stay = wards.admission()
    wards.paid_deposit(stay, amount_fen=1000)
    first = go_home(stay)
    clock.shift(timedelta(minutes=1))

    again = go_home(stay, agreed="of yesterday")

    assert again.discharged_at == first.discharged_at
    assert Refund.objects.count() == 1
    money_of(stay)


def test_another_patients_wristband_is_refused() -> None:
    ward = wards.ward()
    stay = wards.admission(ward=ward)
    other = wards.admission(ward=ward, patient=make.patient(hospital=ward.hospital))

    with pytest.raises(WristbandDiffers):
        go_home(stay, wristband=str(other.wristband))

    stay.refresh_from_db()
    assert stay.status == Admission.Status.ADMITTED


def test_who_was_never_admitted_does_not_go_home() -> None:
    asked = wards.asked_admission()

    with pytest.raises(NotOnWard):
        go_home(asked, wristband="X")


def test_what_exceeds_the_deposits_is_paid_first() -> None:
    stay = wards.admission()
    wards.paid_deposit(stay, amount_fen=1000)
    wards.daily_line(stay, amount_fen=1250)

    with pytest.raises(BalanceDue) as refused:
        go_home(stay)

    assert refused.value.facts == {"due_fen": 250, "lines_fen": 1250, "paid_fen": 1000}
    assert (bill_of(stay).kept_fen, Refund.objects.count()) == (0, 0)


def test_the_balance_is_asked_paid_and_kept() -> None:
    stay = wards.admission()
    nurse = wards.nurse(hospital=stay.hospital)
    wards.paid_deposit(stay, amount_fen=1000)
    unpaid = ask_deposit(admission_id=stay.pk, amount_fen=5000, staff=nurse)
    wards.daily_line(stay, amount_fen=1250)
    balance = ask_balance(admission_id=stay.pk, staff=nurse)
    again = ask_balance(admission_id=stay.pk, staff=nurse)
    settlement(balance.charge)()

    go_home(stay)

    assert (balance.charge.amount_fen, again) == (250, balance)
    assert Charge.objects.get(pk=unpaid.charge_id).status == Charge.Status.WITHDRAWN
    bill = money_of(stay)
    assert (bill.kept_fen, bill.returned_fen) == (1250, 0)


def test_a_grown_bill_asks_for_a_new_balance() -> None:
    stay = wards.admission()
    nurse = wards.nurse(hospital=stay.hospital)
    wards.daily_line(stay, amount_fen=100)
    first = ask_balance(admission_id=stay.pk, staff=nurse)
    wards.daily_line(stay, amount_fen=50)

    second = ask_balance(admission_id=stay.pk, staff=nurse)

    assert Charge.objects.get(pk=first.charge_id).status == Charge.Status.WITHDRAWN
    assert second.charge.amount_fen == 150


def test_no_balance_is_asked_where_the_deposits_suffice() -> None:
    stay = wards.admission()

    with pytest.raises(NothingDue):
        ask_balance(admission_id=stay.pk, staff=wards.nurse(hospital=stay.hospital))

    stay.refresh_from_db()
    assert stay.status == Admission.Status.ADMITTED


def test_a_bill_that_grew_since_it_was_agreed_is_read_again() -> None:
    stay = wards.admission()
    wards.paid_deposit(stay, amount_fen=1000)
    agreed = bill_of(stay).seal
    wards.daily_line(stay, amount_fen=1)

    with pytest.raises(BillChanged):
        go_home(stay, agreed=agreed)

    stay.refresh_from_db()
    assert stay.status == Admission.Status.ADMITTED


def test_what_was_paid_and_not_done_is_refunded_and_what_was_done_is_kept() -> None:
    stay = wards.admission()
    for code in ("CT", "ECG", "MRI"):
        make.price(hospital=stay.hospital, code=code, price_fen=3000)
    orders = [
        place_order(
            patient=stay.patient, asked=Asked(placer_number=f"O-{code}", code=code, name="")
        )
        for code in ("CT", "ECG", "MRI")
    ]
    charges = [Charge.objects.get(subject_id=order.pk) for order in orders]
    settlement(charges[0])()
    settlement(charges[1])()
    perform_order(order_id=orders[1].pk)

    go_home(stay)

    states = [Order.objects.get(pk=order.pk).status for order in orders]
    assert states == ["withdrawn", "performed", "withdrawn"]
    assert [r.charge for r in Refund.objects.all()] == [charges[0]]
    assert Charge.objects.get(pk=charges[2].pk).status == Charge.Status.WITHDRAWN
    assert all(equation_of(charge).holds for charge in charges)


def test_a_deposit_paid_after_the_discharge_goes_back() -> None:
    stay = wards.admission()
    deposit = ask_deposit(admission_id=stay.pk, staff=wards.nurse(hospital=stay.hospital))
    pay = settlement(deposit.charge)
    go_home(stay)

    pay()

    assert [r.amount_fen for r in Refund.objects.all()] == [100_000]
    money_of(stay)


def test_nothing_is_charged_to_who_went_home() -> None:
    stay = wards.admission()
    go_home(stay)

    with pytest.raises(NotOnWard):
        wards.daily_line(stay, amount_fen=1)
    with pytest.raises(NotOnWard):
        ask_deposit(admission_id=stay.pk, staff=wards.nurse(hospital=stay.hospital))


@given(
    deposits=st.lists(st.integers(1, 100_000), max_size=4),
    lines=st.lists(st.integers(0, 60_000), max_size=5),
    wrong=st.integers(0, 5),
)
def test_whatever_was_paid_and_charged_every_fen_is_kept_or_returned(
    deposits: list[int], lines: list[int], wrong: int
) -> None:
    with RolledBackWorld():
        stay = wards.admission()
        nurse = wards.nurse(hospital=stay.hospital)
        for amount_fen in deposits:
            wards.paid_deposit(stay, amount_fen=amount_fen)
        charged = [wards.daily_line(stay, amount_fen=amount_fen) for amount_fen in lines]
        for line in charged[:wrong]:
            reverse_daily_line(line_id=line.pk, source_number=f"R{line.pk}"[:75], staff=nurse)
        used_fen, paid_fen = sum(lines[wrong:]), sum(deposits)
        due_fen = max(used_fen - paid_fen, 0)
        for balance_fen in [due_fen] if due_fen else []:
            balance = ask_balance(admission_id=stay.pk, staff=nurse)
            assert balance.charge.amount_fen == balance_fen
            settlement(balance.charge)()

        go_home(stay)

        bill = money_of(stay)
        assert bill.kept_fen == used_fen
        assert bill.returned_fen == paid_fen + due_fen - used_fen
        assert bill.held_fen == 0
