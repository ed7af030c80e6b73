"""Prescriptions arrive: the highest version counts, once, and what was paid before goes back."""

import itertools
from datetime import timedelta
from decimal import Decimal

import pytest

from common import clock
from common.live import StreamName, events_since
from payments.models import Charge, Refund
from pharmacy.actions.dispense import hand_over, make_ready, prepare_prescription
from pharmacy.actions.receive import Prescribed, receive_prescription
from pharmacy.errors import (
    AlreadyHandedOver,
    DrugPriceUnknown,
    PrescriptionDiffers,
    PrescriptionExpired,
    PrescriptionUnfit,
)
from pharmacy.models import PURPOSE, Prescription, PrescriptionLine
from tests import make
from tests.make.pharmacy import (
    charge_of,
    drug,
    paid_prescription,
    pharmacist,
    prescribed,
    prescription,
    proof_of,
    ready_prescription,
)
from tests.make.settling import settlement
from visits.actions.visit import end_visit
from visits.errors import NoOpenVisit, ValueTooLong
from visits.models import Visit

pytestmark = pytest.mark.django_db
Status = Prescription.Status


def now_of(made: Prescription) -> Prescription:
    return Prescription.objects.get(pk=made.pk)


def test_a_prescription_is_charged_by_the_senders_price() -> None:
    made = prescription(prescribed=prescribed(drugs=(drug(), drug(quantity="0.5", price_fen=99))))

    charge = charge_of(made)
    assert (made.status, made.version, made.amount_fen) == (Status.ISSUED, 1, 2550)
    assert (charge.amount_fen, charge.due_until) == (2550, made.expires_at)
    assert sorted(made.lines.values_list("amount_fen", flat=True)) == [50, 2500]


def test_the_hospitals_own_price_outranks_the_senders() -> None:
    patient = make.patient()
    make.price(hospital=patient.hospital, code="Z-AMX", price_fen=800)

    assert prescription(patient=patient).amount_fen == 1600


def test_without_any_price_nothing_is_prescribed() -> None:
    with pytest.raises(DrugPriceUnknown):
        prescription(prescribed=prescribed(drugs=(drug(price_fen=None),)))

    assert not Prescription.objects.exists()
    assert not Charge.objects.filter(purpose=PURPOSE).exists()


def test_what_costs_nothing_is_paid_at_once() -> None:
    made = prescription(prescribed=prescribed(drugs=(drug(price_fen=0),)))

    assert now_of(made).status == Status.PAID


def test_the_pharmacy_and_the_patients_day_hear_of_it() -> None:
    made = prescription()

    for stream in (
        StreamName(made.hospital_id, "pharmacy", made.hospital_id),
        StreamName(made.hospital_id, "day", made.patient_id),
    ):
        assert events_since(stream, 0)[-1].data == {
            "prescription": str(made.pk),
            "status": "issued",
        }


def test_the_same_version_again_is_the_same_prescription() -> None:
    told = prescribed()
    made = prescription(prescribed=told)

    again = receive_prescription(patient=made.patient, prescribed=told)

    assert again == made
    assert Prescription.objects.count() == 1
    assert Charge.objects.filter(purpose=PURPOSE).count() == 1


@pytest.mark.parametrize("arrivals", list(itertools.permutations((1, 2, 3))))
def test_whatever_the_order_of_arrival_the_highest_version_counts(
    arrivals: tuple[int, ...],
) -> None:
    patient = make.patient()
    by_version = {n: prescribed(number="RX", version=n) for n in arrivals}

    counted = [
        prescription(patient=patient, prescribed=by_version[version]) for version in arrivals
    ][-1]

    assert counted.version == max(arrivals)
    assert Prescription.objects.live().get().version == max(arrivals)
    assert Charge.objects.filter(purpose=PURPOSE, status=Charge.Status.OPEN).count() == 1


def test_a_change_after_payment_gives_the_old_money_back_and_asks_anew() -> None:
    old = paid_prescription(prescribed=prescribed(number="RX"))

    new = prescription(
        patient=old.patient,
        prescribed=prescribed(number="RX", version=2, drugs=(drug(quantity="1"),)),
    )

    refund = Refund.objects.get()
    assert (now_of(old).status, new.status) == (Status.REPLACED, Status.ISSUED)
    assert (refund.charge, refund.amount_fen) == (charge_of(old), 2500)
    assert charge_of(new).status == Charge.Status.OPEN


def test_drugs_in_the_patients_hand_are_not_replaced() -> None:
    old = ready_prescription()
    hand_over(prescription_id=old.pk, staff=pharmacist(hospital=old.hospital), proof=proof_of(old))

    with pytest.raises(AlreadyHandedOver):
        prescription(patient=old.patient, prescribed=prescribed(number=old.number, version=2))

    assert Prescription.objects.count() == 1
    assert not Refund.objects.exists()


def test_another_text_of_the_same_version_waits_for_a_person() -> None:
    old = prescription(prescribed=prescribed(number="RX"))

    with pytest.raises(PrescriptionDiffers):
        prescription(
            patient=old.patient,
            prescribed=prescribed(number="RX", drugs=(drug(quantity="9"),)),
        )

    assert PrescriptionLine.objects.get().quantity == Decimal(2)


def test_another_patients_number_waits_for_a_person() -> None:
    old = prescription(prescribed=prescribed(number="RX"))
    other = make.patient(hospital=old.hospital)

    with pytest.raises(PrescriptionDiffers):
        prescription(patient=other, prescribed=prescribed(number="RX", version=2))

    assert now_of(old).status == Status.ISSUED


def test_a_prescription_taken_back_ends_whichever_comes_first() -> None:
    old = paid_prescription(prescribed=prescribed(number="RX"))
    stop = prescribed(number="RX", version=2, drugs=(), is_withdrawn=True)

    counted = receive_prescription(patient=old.patient, prescribed=stop)
    late = receive_prescription(patient=old.patient, prescribed=prescribed(number="RX", version=2))

    assert counted.status == Status.WITHDRAWN
    assert late == counted
    assert not Prescription.objects.live().exists()
    assert Refund.objects.get().charge == charge_of(old)


def test_the_word_to_stop_wins_over_the_same_version() -> None:
    old = paid_prescription(prescribed=prescribed(number="RX"))
    stop = prescribed(number="RX", drugs=(), is_withdrawn=True)

    counted = receive_prescription(patient=old.patient, prescribed=stop)
    again = receive_prescription(patient=old.patient, prescribed=stop)

    assert counted.pk == again.pk == old.pk
    assert again.status == Status.WITHDRAWN
    assert Refund.objects.count() == 1


def test_the_doctor_may_end_the_visit_before_the_prescription_arrives() -> None:
    made = prescription()
    end_visit(visit=made.visit)
    clock.shift(timedelta(minutes=1))

    later = receive_prescription(patient=made.patient, prescribed=prescribed())

    assert later.visit == made.visit


def test_nobody_prescribes_for_whom_is_not_in_the_house() -> None:
    with pytest.raises(NoOpenVisit):
        receive_prescription(patient=make.patient(), prescribed=prescribed())

    assert not Visit.objects.exists()


def test_yesterdays_prescription_is_no_longer_valid_when_it_arrives() -> None:
    yesterday = clock.now() - timedelta(days=1)

    with pytest.raises(PrescriptionExpired):
        prescription(prescribed=prescribed(issued_at=yesterday))

    assert not Prescription.objects.exists()


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        (prescribed(number="E1", drugs=()), PrescriptionUnfit),
        (prescribed(number="E2", drugs=(drug(quantity="0"),)), PrescriptionUnfit),
        (prescribed(number="E3", drugs=(drug(quantity="-1"),)), PrescriptionUnfit),
        (prescribed(number="E4", drugs=(drug(quantity="10000"),)), PrescriptionUnfit),
        (prescribed(number="E5", drugs=(drug(price_fen=100_000_000),)), PrescriptionUnfit),
        (prescribed(number="E6" * 61), ValueTooLong),
        (prescribed(number="E7", drugs=(drug(code="c" * 61),)), ValueTooLong),
    ],
)
def test_what_cannot_be_dispensed_is_refused_whole(
    told: Prescribed, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        prescription(prescribed=told)

    assert not Prescription.objects.exists()
    assert not Charge.objects.filter(purpose=PURPOSE).exists()


def test_money_for_a_replaced_version_goes_back() -> None:
    old = prescription(prescribed=prescribed(number="RX"))
    pay = settlement(charge_of(old))
    prescription(patient=old.patient, prescribed=prescribed(number="RX", version=2))

    pay()

    assert Refund.objects.get().charge == charge_of(old)
    assert now_of(old).status == Status.REPLACED


def test_drugs_being_prepared_are_replaced_too() -> None:
    old = paid_prescription(prescribed=prescribed(number="RX"))
    staff = pharmacist(hospital=old.hospital)
    prepare_prescription(prescription_id=old.pk, staff=staff)
    make_ready(prescription_id=old.pk, staff=staff, window="3号窗口")

    prescription(patient=old.patient, prescribed=prescribed(number="RX", version=2))

    assert now_of(old).status == Status.REPLACED
    assert Refund.objects.get().amount_fen == 2500
