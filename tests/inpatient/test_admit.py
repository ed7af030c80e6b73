"""A doctor asks, a nurse admits."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.models import Role
from clinic.models import Bed
from common import clock
from common.errors import MoveRefused
from common.live import events_since
from inpatient.actions.admit import admit
from inpatient.actions.ask import ask_admission, withdraw_admission
from inpatient.errors import (
    AdmissionUnknown,
    AlreadyAsked,
    BedTaken,
    BedUnknown,
    DateGone,
    IdentityDiffers,
    NotTheirDoctor,
    WardUnknown,
)
from inpatient.identity import Given, new_wristband
from inpatient.models import Admission
from payments.models import Refund
from tests import make
from tests.make import inpatient as wards
from visits.models import Visit

pytestmark = pytest.mark.django_db


def test_a_doctor_asks_for_a_bed_for_the_patient_in_the_room() -> None:
    ward = wards.ward()
    patient = make.patient(hospital=ward.hospital)
    doctor = make.staff(hospital=ward.hospital)
    wards.visit_with(doctor, patient=patient)

    asked = ask_admission(
        patient_id=patient.pk, ward_id=ward.pk, wanted_on=clock.today(), doctor=doctor
    )

    assert asked.status == Admission.Status.ASKED
    assert [e.kind for e in events_since(asked.ward_stream, 0)] == ["admission_asked"]
    assert [e.kind for e in events_since(asked.day_stream, 0)] == ["admission_asked"]


def test_a_doctor_who_does_not_treat_the_patient_cannot_ask() -> None:
    ward = wards.ward()
    patient = make.patient(hospital=ward.hospital)
    wards.visit_with(make.staff(hospital=ward.hospital), patient=patient)
    stranger = make.staff(hospital=ward.hospital)

    with pytest.raises(NotTheirDoctor):
        ask_admission(
            patient_id=patient.pk, ward_id=ward.pk, wanted_on=clock.today(), doctor=stranger
        )

    assert not Admission.objects.exists()


def test_a_department_without_beds_is_no_ward() -> None:
    patient = make.patient()
    doctor = make.staff(hospital=patient.hospital)
    wards.visit_with(doctor, patient=patient)
    clinic = make.department(hospital=patient.hospital)

    with pytest.raises(WardUnknown):
        ask_admission(
            patient_id=patient.pk, ward_id=clinic.pk, wanted_on=clock.today(), doctor=doctor
        )


def test_yesterday_cannot_be_wanted() -> None:
    ward = wards.ward()

    with pytest.raises(DateGone):
        wards.asked_admission(ward=ward, on=clock.today() - timedelta(days=1))


def test_a_patient_waits_for_one_bed_at_a_time() -> None:
    ward = wards.ward()
    patient = make.patient(hospital=ward.hospital)
    doctor = make.staff(hospital=ward.hospital)
    wards.visit_with(doctor, patient=patient)
    ask_admission(patient_id=patient.pk, ward_id=ward.pk, wanted_on=clock.today(), doctor=doctor)

    with pytest.raises(AlreadyAsked):
        ask_admission(
            patient_id=patient.pk, ward_id=ward.pk, wanted_on=clock.today(), doctor=doctor
        )

    assert Admission.objects.count() == 1


def test_a_nurse_admits_to_a_bed_and_a_stay_begins() -> None:
    asked = wards.asked_admission()
    bed = Bed.objects.filter(ward=asked.ward).order_by("number")[0]
    nurse = wards.nurse(hospital=asked.hospital)

    stay = admit(
        admission_id=asked.pk, bed_id=bed.pk, given=wards.given(asked.patient), nurse=nurse
    )

    bed.refresh_from_db()
    assert bed.admission_id == stay.pk
    assert (stay.status, stay.bed_id, stay.admitted_by) == ("ADMITTED", bed.pk, nurse)
    assert stay.visit is not None
    assert (stay.visit.kind, stay.visit.status) == (Visit.Kind.INPATIENT, Visit.Status.OPEN)
    assert [e.kind for e in events_since(stay.ward_stream, 1)] == ["admitted"]


def test_the_same_tap_again_is_the_same_admission() -> None:
    stay = wards.admission()

    again = admit(
        admission_id=stay.pk,
        bed_id=Bed.objects.get(admission_id=stay.pk).pk,
        given=wards.given(stay.patient),
        nurse=wards.nurse(hospital=stay.hospital),
    )

    assert again.wristband == stay.wristband
    assert Visit.objects.filter(kind=Visit.Kind.INPATIENT).count() == 1


@pytest.mark.parametrize(
    ("name", "ending"), [("王建国", "0000"), ("李建国", None), ("", None), ("王建国", "")]
)
def test_one_right_identifier_is_not_enough(name: str, ending: str | None) -> None:
    asked = wards.asked_admission()
    bed = Bed.objects.filter(ward=asked.ward)[0]
    four = asked.patient.document_number[-4:] if ending is None else ending

    with pytest.raises(IdentityDiffers):
        admit(
            admission_id=asked.pk,
            bed_id=bed.pk,
            given=Given(name=name, document_last_four=four),
            nurse=wards.nurse(hospital=asked.hospital),
        )

    bed.refresh_from_db()
    assert bed.admission_id is None


def test_a_full_width_name_and_a_small_x_are_the_same_person() -> None:
    number = "11010519491231002X"
    patient = make.patient(name="Ann 李", document_number=number)

    assert Given(name="Ａｎｎ李", document_last_four="００２x").is_of(patient)


def test_an_occupied_bed_is_refused_and_nothing_begins() -> None:
    stay = wards.admission(ward=wards.ward(beds=1))
    late = wards.asked_admission(ward=stay.ward, patient=make.patient(hospital=stay.hospital))

    with pytest.raises(BedTaken):
        admit(
            admission_id=late.pk,
            bed_id=Bed.objects.get(admission_id=stay.pk).pk,
            given=wards.given(late.patient),
            nurse=wards.nurse(hospital=stay.hospital),
        )

    late.refresh_from_db()
    assert (late.status, late.visit_id) == ("ASKED", None)


def test_a_bed_of_another_ward_is_unknown() -> None:
    asked = wards.asked_admission()
    elsewhere = Bed.objects.filter(ward=wards.ward(hospital=asked.hospital))[0]

    with pytest.raises(BedUnknown):
        admit(
            admission_id=asked.pk,
            bed_id=elsewhere.pk,
            given=wards.given(asked.patient),
            nurse=wards.nurse(hospital=asked.hospital),
        )


def test_a_nurse_of_another_hospital_finds_no_admission() -> None:
    asked = wards.asked_admission()

    with pytest.raises(AdmissionUnknown):
        admit(
            admission_id=asked.pk,
            bed_id=uuid4(),
            given=wards.given(asked.patient),
            nurse=wards.nurse(hospital=make.hospital()),
        )


def test_a_withdrawn_request_gives_its_deposit_back() -> None:
    asked = wards.asked_admission()
    deposit = wards.paid_deposit(asked, amount_fen=50_000)
    doctor = make.staff(hospital=asked.hospital, role=Role.DOCTOR)

    withdraw_admission(admission_id=asked.pk, staff=doctor)
    withdraw_admission(admission_id=asked.pk, staff=doctor)

    assert [r.amount_fen for r in Refund.objects.filter(charge=deposit.charge)] == [50_000]


def test_who_lies_in_a_bed_is_not_withdrawn() -> None:
    stay = wards.admission()

    with pytest.raises(MoveRefused):
        withdraw_admission(admission_id=stay.pk, staff=wards.nurse(hospital=stay.hospital))


def test_wristbands_say_nothing_and_repeat_nothing() -> None:
    codes = {new_wristband() for _ in range(200)}

    assert len(codes) == 200
    assert all(len(code) == 10 and code.isalnum() for code in codes)
