"""The tablet, the doctor's form and the phone, without a browser."""

from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import Account, Role, Staff
from clinic.models import Bed
from inpatient.bill import bill_of
from inpatient.models import Admission
from patients.models import AccessLine, Patient, Relation
from tests import make
from tests.make import inpatient as wards
from visits.actions.order import place_order
from visits.asked import Asked

pytestmark = pytest.mark.django_db


def page_of(who: Staff | Account) -> Client:
    """A browser that is signed in."""
    client = Client()
    client.force_login(who.account if isinstance(who, Staff) else who)
    return client


def text_of(client: Client, url: str) -> str:
    """The page's words."""
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def at(stay: Admission, tail: str = "") -> str:
    """The stay's address."""
    return f"/staff/{stay.hospital.code}/admissions/{stay.pk}/{tail}"


def keyed(**said: object) -> dict[str, str]:
    """A form with the key that it was shown with."""
    return {"idempotency_key": str(uuid4()), **{name: str(value) for name, value in said.items()}}


def test_a_doctor_asks_by_the_form_and_takes_it_back() -> None:
    ward = wards.ward()
    patient = make.patient(hospital=ward.hospital)
    doctor = make.staff(hospital=ward.hospital, role=Role.DOCTOR)
    wards.visit_with(doctor, patient=patient)
    client, base = page_of(doctor), f"/staff/{ward.hospital.code}"
    form = f"{base}/patients/{patient.pk}/admission/"
    assert form in text_of(client, f"{base}/admissions/ask/")

    client.post(form, keyed(act="ask", ward_id=ward.pk, wanted_on="2026-03-02"))
    asked = Admission.objects.get(patient=patient)
    said = text_of(client, form)
    client.post(form, keyed(act="withdraw"))

    asked.refresh_from_db()
    assert "待入院" in said
    assert asked.status == Admission.Status.WITHDRAWN


def test_a_doctor_finds_no_form_for_a_strangers_patient() -> None:
    patient = make.patient()
    doctor = make.staff(hospital=patient.hospital, role=Role.DOCTOR)

    answer = page_of(doctor).get(f"/staff/{patient.hospital.code}/patients/{patient.pk}/admission/")

    assert answer.status_code == 404
    assert not AccessLine.objects.filter(patient=patient).exists()


def test_the_board_shows_beds_and_shortens_names() -> None:
    stay = wards.admission()
    url = f"/staff/{stay.hospital.code}/wards/{stay.ward_id}/"

    said = text_of(page_of(wards.nurse(hospital=stay.hospital)), url)

    assert "王**" in said
    assert "王建国" not in said
    assert f"ward:{stay.ward_id}" in said
    assert "空床" in said


def test_the_board_asks_as_much_for_two_beds_as_for_six(
    django_assert_max_num_queries: object,
) -> None:
    ward = wards.ward(beds=6)
    for _ in range(3):
        wards.admission(ward=ward, patient=make.patient(hospital=ward.hospital))
    client = page_of(wards.nurse(hospital=ward.hospital))

    with django_assert_max_num_queries(12):  # type: ignore[operator]  # pytest-django's
        client.get(f"/staff/{ward.hospital.code}/wards/{ward.pk}/live/")


def test_a_nurse_finds_who_waits_without_a_name_in_the_address() -> None:
    asked = wards.asked_admission()
    client = page_of(wards.nurse(hospital=asked.hospital))
    url = f"/staff/{asked.hospital.code}/admissions/new"

    found = client.post(url, {"words": "王建"}).content.decode()
    by_number = client.post(url, {"words": asked.patient.document_number[-4:]}).content.decode()
    none = client.post(url, {"words": "李"}).content.decode()

    assert at(asked) in found
    assert at(asked) in by_number
    assert "没有找到" in none


def test_a_nurse_admits_at_the_tablet_and_sees_the_wristband() -> None:
    asked = wards.asked_admission()
    bed = Bed.objects.filter(ward=asked.ward)[0]
    client = page_of(wards.nurse(hospital=asked.hospital))
    who = {"name": "王建国", "document_last_four": asked.patient.document_number[-4:]}
    wrong = client.post(at(asked), keyed(bed_id=bed.pk, **{**who, "name": "李建国"}))

    answer = client.post(at(asked), keyed(bed_id=bed.pk, **who), follow=True)

    asked.refresh_from_db()
    assert (wrong.status_code, "不符" in wrong.content.decode()) == (422, True)
    assert str(asked.wristband) in answer.content.decode()
    lines = AccessLine.objects.filter(patient=asked.patient, shown="stay", reason="ward")
    assert lines.count() == 3


def test_the_stay_takes_a_deposit_a_line_and_its_reversal() -> None:
    stay = wards.admission()
    make.price(hospital=stay.hospital, code="BED", price_fen=4000)
    client = page_of(wards.nurse(hospital=stay.hospital))

    client.post(at(stay), keyed(act="deposit", amount="800.50"))
    client.post(at(stay), keyed(act="line", code="BED", quantity=2, on="2026-03-02"))
    bill = bill_of(stay)
    line = stay.daily_lists.get().lines.get()
    client.post(at(stay), keyed(act="reverse", line_id=line.pk))

    assert [d.charge.amount_fen for d in bill.deposits] == [80_050]
    assert (bill.lines_fen, bill_of(stay).lines_fen) == (8000, 0)
    said = text_of(client, at(stay))
    assert "预交金 待家属支付" in said
    assert "已冲销" in said


def test_another_stays_line_is_not_reversed_here() -> None:
    ward = wards.ward()
    stay = wards.admission(ward=ward)
    other = wards.admission(ward=ward, patient=make.patient(hospital=ward.hospital))
    line = wards.daily_line(other, amount_fen=100)

    answer = page_of(wards.nurse(hospital=ward.hospital)).post(
        at(stay), keyed(act="reverse", line_id=line.pk)
    )

    assert answer.status_code == 404
    assert bill_of(other).lines_fen == 100


def test_a_doctor_reads_the_stay_and_presses_nothing() -> None:
    stay = wards.admission()
    client = page_of(make.staff(hospital=stay.hospital, role=Role.DOCTOR))

    answer = client.post(at(stay), keyed(act="deposit", amount="1"))

    assert "出院结算" not in text_of(client, at(stay))
    assert answer.status_code == 404
    assert bill_of(stay).deposits == []


@pytest.mark.parametrize("role", [Role.CASHIER, Role.PHARMACIST])
def test_who_does_not_work_on_wards_is_refused(role: str) -> None:
    stay = wards.admission()

    answer = page_of(make.staff(hospital=stay.hospital, role=role)).get(at(stay))

    assert answer.status_code == 403


def test_another_hospitals_nurse_finds_no_stay() -> None:
    stay = wards.admission()
    nurse = wards.nurse(hospital=make.hospital())

    answer = page_of(nurse).get(f"/staff/{nurse.hospital.code}/admissions/{stay.pk}/")

    assert answer.status_code == 404


def test_the_nurse_sees_the_bill_and_what_is_undone_before_the_last_tap() -> None:
    stay = wards.admission()
    make.price(hospital=stay.hospital, code="CT", name="胸部CT", price_fen=30_000)
    place_order(patient=stay.patient, asked=Asked(placer_number="O1", code="CT", name="胸部CT"))
    wards.paid_deposit(stay, amount_fen=50_000)
    wards.daily_line(stay, amount_fen=12_345)
    client = page_of(wards.nurse(hospital=stay.hospital))

    said = text_of(client, at(stay, "discharge/"))
    answer = client.post(
        at(stay, "discharge/"),
        keyed(wristband=str(stay.wristband).lower(), agreed=bill_of(stay).seal),
        follow=True,
    )

    assert "将退回 ¥376.55" in said
    assert "胸部CT" in said
    assert "已出院" in answer.content.decode()
    assert "¥376.55" in answer.content.decode()


def test_a_wrong_wristband_is_told_in_words() -> None:
    stay = wards.admission()
    client = page_of(wards.nurse(hospital=stay.hospital))

    answer = client.post(
        at(stay, "discharge/"), keyed(wristband="XXX", agreed=bill_of(stay).seal), follow=True
    )

    assert "腕带不是这位患者的" in answer.content.decode()


def test_what_is_due_is_asked_before_the_patient_leaves() -> None:
    stay = wards.admission()
    wards.daily_line(stay, amount_fen=12_345)
    client = page_of(wards.nurse(hospital=stay.hospital))

    said = text_of(client, at(stay, "discharge/"))
    client.post(at(stay), keyed(act="balance"))

    assert "还差 ¥123.45" in said
    assert "确认出院" not in said
    assert [d.charge.amount_fen for d in bill_of(stay).to_pay] == [12_345]


def account_of(patient: Patient) -> Account:
    """Who registered the patient."""
    return Account.objects.get(grant__patient=patient)


def test_the_phone_shows_bed_days_and_deposit() -> None:
    stay = wards.admission()
    wards.paid_deposit(stay, amount_fen=50_000)
    wards.daily_line(stay, amount_fen=12_345)

    said = text_of(page_of(account_of(stay.patient)), f"/m/{stay.hospital.code}/stay/")

    assert "心内科病区 1床" in said
    assert "3月2日 周一" in said
    assert "¥376.55" in said
    assert not AccessLine.objects.filter(patient=stay.patient, shown="stay").exists()


def test_a_stranger_sees_no_stay() -> None:
    stay = wards.admission()

    said = text_of(page_of(make.account()), f"/m/{stay.hospital.code}/stay/")

    assert "没有住院" in said


def test_the_family_that_reads_leaves_a_line() -> None:
    ward = wards.ward()
    family = make.account()
    patient = make.patient(hospital=ward.hospital, account=family, relation=Relation.FAMILY)
    patient.grant_set.update(scopes=["inpatient", "pay"])
    wards.admission(ward=ward, patient=patient)

    text_of(page_of(family), f"/m/{ward.hospital.code}/stay/live/")

    assert AccessLine.objects.filter(patient=patient, account=family, reason="family").count() == 1


def test_a_ward_is_searched_by_pinyin_and_shows_whom_it_means() -> None:
    ward = wards.ward(beds=2)
    for name in ("单雄信", "李秀英"):
        wards.admission(ward=ward, patient=make.patient(hospital=ward.hospital, name=name))
    client = page_of(wards.nurse(hospital=ward.hospital))
    url = f"/staff/{ward.hospital.code}/wards/{ward.pk}/"

    meant = client.post(url, {"words": "shanxx"}).content.decode()
    nobody = client.post(url, {"words": "wang"}).content.decode()

    assert ("单**" in meant, "李**" in meant, "单**" in nobody) == (True, False, False)
    assert "data-live-refresh" not in meant  # it would show the whole ward again
    assert "李**" in text_of(client, url)
