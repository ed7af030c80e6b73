"""From payment to the patient's hand, back to the doctor, or over midnight."""

from datetime import datetime, time, timedelta

import pytest

from common import clock
from common.errors import MoveRefused
from notifications.models import Message, Task
from patients.models import Scope
from payments.ledger import balance_of
from payments.models import Charge, LedgerAccount, Refund
from pharmacy.actions.dispense import Proof, hand_over, make_ready, prepare_prescription
from pharmacy.actions.leave import expire_prescriptions, return_to_doctor
from pharmacy.errors import (
    IdentityUnproven,
    PrescriptionExpired,
    PrescriptionUnknown,
    WindowUnnamed,
)
from pharmacy.models import Prescription
from pharmacy.words import EXPIRED, READY, RETURNED
from tests import make
from tests.make.pharmacy import (
    charge_of,
    paid_prescription,
    pharmacist,
    prescription,
    proof_of,
    ready_prescription,
)
from tests.make.settling import settlement

pytestmark = pytest.mark.django_db
Status = Prescription.Status
STOCK = Prescription.ReturnReason.STOCK


def now_of(made: Prescription) -> Prescription:
    return Prescription.objects.get(pk=made.pk)


def at_night(at: time, *, days: int = 0) -> None:
    """Move the clock to this time of the hospital's day."""
    clock.shift_to(
        datetime.combine(clock.today() + timedelta(days=days), at, tzinfo=clock.HOSPITAL_ZONE)
    )


def template(made: Prescription, code: str) -> None:
    make.template(hospital=made.hospital, code=code, scope=Scope.QUEUE, body="{window}", fields={})


def test_a_payment_puts_it_on_the_pharmacists_list() -> None:
    assert paid_prescription().status == Status.PAID


def test_ready_drugs_are_told_with_their_window() -> None:
    made = paid_prescription()
    template(made, READY)
    staff = pharmacist(hospital=made.hospital)
    prepare_prescription(prescription_id=made.pk, staff=staff)

    make_ready(prescription_id=made.pk, staff=staff, window=" 3号窗口 ")

    message = Message.objects.get(template=READY)
    assert (now_of(made).status, now_of(made).window) == (Status.READY, "3号窗口")
    assert message.expires_at == made.expires_at


def test_handing_over_keeps_the_money() -> None:
    made = ready_prescription()

    hand_over(
        prescription_id=made.pk, staff=pharmacist(hospital=made.hospital), proof=proof_of(made)
    )

    assert now_of(made).status == Status.HANDED_OVER
    assert balance_of(charge_of(made), LedgerAccount.KEPT) == made.amount_fen
    assert not Refund.objects.exists()


@pytest.mark.parametrize(
    "change", [{"pickup_code": "000000x"}, {"document_end": "0000x"}, {"document_end": ""}]
)
def test_drugs_go_to_nobody_without_both_identifiers(change: dict[str, str]) -> None:
    made = ready_prescription()
    proof = Proof(**{**vars(proof_of(made)), **change})

    with pytest.raises(IdentityUnproven):
        hand_over(prescription_id=made.pk, staff=pharmacist(hospital=made.hospital), proof=proof)

    assert now_of(made).status == Status.READY


def test_no_step_is_left_out() -> None:
    made = paid_prescription()
    staff = pharmacist(hospital=made.hospital)

    with pytest.raises(MoveRefused):
        make_ready(prescription_id=made.pk, staff=staff, window="1号窗口")
    with pytest.raises(MoveRefused):
        hand_over(prescription_id=made.pk, staff=staff, proof=proof_of(made))

    assert now_of(made).status == Status.PAID


def test_unpaid_drugs_are_not_prepared() -> None:
    made = prescription()

    with pytest.raises(MoveRefused):
        prepare_prescription(prescription_id=made.pk, staff=pharmacist(hospital=made.hospital))

    assert now_of(made).status == Status.ISSUED


@pytest.mark.parametrize("window", ["", "  ", "窗" * 21])
def test_ready_drugs_need_a_window(window: str) -> None:
    made = paid_prescription()
    staff = pharmacist(hospital=made.hospital)
    prepare_prescription(prescription_id=made.pk, staff=staff)

    with pytest.raises(WindowUnnamed):
        make_ready(prescription_id=made.pk, staff=staff, window=window)

    assert now_of(made).status == Status.PREPARING


def test_another_hospitals_pharmacist_finds_nothing() -> None:
    made = paid_prescription()
    stranger = pharmacist(hospital=make.hospital())

    with pytest.raises(PrescriptionUnknown):
        prepare_prescription(prescription_id=made.pk, staff=stranger)
    with pytest.raises(PrescriptionUnknown):
        return_to_doctor(prescription_id=made.pk, staff=stranger, reason=STOCK)

    assert now_of(made).status == Status.PAID


def test_a_returned_prescription_gives_the_money_back_and_asks_the_doctor() -> None:
    made = ready_prescription()
    template(made, RETURNED)
    staff = pharmacist(hospital=made.hospital)

    return_to_doctor(prescription_id=made.pk, staff=staff, reason=STOCK)
    return_to_doctor(prescription_id=made.pk, staff=staff, reason=STOCK)

    assert (now_of(made).status, now_of(made).return_reason) == (Status.RETURNED, STOCK)
    assert Refund.objects.get().amount_fen == made.amount_fen
    assert Task.objects.get(kind="prescription_returned").role == "doctor"
    assert Message.objects.filter(template=RETURNED).count() == 1


def test_an_unpaid_one_is_returned_without_any_refund() -> None:
    made = prescription()

    return_to_doctor(
        prescription_id=made.pk, staff=pharmacist(hospital=made.hospital), reason=STOCK
    )

    assert charge_of(made).status == Charge.Status.WITHDRAWN
    assert not Refund.objects.exists()


def test_returning_takes_back_the_call_to_the_window() -> None:
    made = paid_prescription()
    template(made, READY)
    staff = pharmacist(hospital=made.hospital)
    prepare_prescription(prescription_id=made.pk, staff=staff)
    make_ready(prescription_id=made.pk, staff=staff, window="1号窗口")

    return_to_doctor(prescription_id=made.pk, staff=staff, reason=STOCK)

    assert Message.objects.get(template=READY).status == Message.Status.WITHDRAWN


def test_a_second_before_midnight_it_is_still_valid() -> None:
    made = ready_prescription()
    at_night(time(23, 59, 59))

    assert expire_prescriptions() == 0
    hand_over(
        prescription_id=made.pk, staff=pharmacist(hospital=made.hospital), proof=proof_of(made)
    )

    assert now_of(made).status == Status.HANDED_OVER


def test_at_midnight_it_expires_and_the_money_goes_back() -> None:
    made = ready_prescription()
    template(made, EXPIRED)
    at_night(time(0, 0), days=1)

    assert (expire_prescriptions(), expire_prescriptions()) == (1, 0)

    assert now_of(made).status == Status.EXPIRED
    assert Refund.objects.get().amount_fen == made.amount_fen
    assert Message.objects.filter(template=EXPIRED).count() == 1


def test_nothing_is_handed_over_after_midnight_even_before_the_sweep() -> None:
    made = ready_prescription()
    at_night(time(0, 0), days=1)

    with pytest.raises(PrescriptionExpired):
        hand_over(
            prescription_id=made.pk,
            staff=pharmacist(hospital=made.hospital),
            proof=proof_of(made),
        )

    assert now_of(made).status == Status.READY


def test_money_that_arrives_after_midnight_goes_back() -> None:
    made = prescription()
    pay = settlement(charge_of(made))
    at_night(time(0, 0), days=1)

    pay()

    assert now_of(made).status == Status.EXPIRED
    assert Refund.objects.get().amount_fen == made.amount_fen


def test_the_edge_of_the_day_is_the_hospitals_and_not_greenwichs() -> None:
    made = paid_prescription()
    clock.shift_to(made.issued_at.replace(hour=17, minute=0))  # 01:00 tomorrow in the hospital

    assert clock.today() > clock.local(made.issued_at).date()
    assert expire_prescriptions() == 1


def test_unpaid_ones_expire_without_a_refund() -> None:
    made = prescription()
    at_night(time(0, 0), days=1)

    expire_prescriptions()

    assert (now_of(made).status, charge_of(made).status) == (
        Status.EXPIRED,
        Charge.Status.WITHDRAWN,
    )
    assert not Refund.objects.exists()
