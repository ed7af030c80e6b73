"""What the messages about a stay say, as the demonstration hospital words them."""

import pytest
from django.db import models

from inpatient import words
from inpatient.actions.discharge import discharge
from inpatient.bill import bill_of
from inpatient.models import Admission
from notifications.models import Message
from notifications.words import words_for
from patients.models import Scope
from rehearsal.demonstration.templates import TEMPLATES
from tests import make
from tests.make import inpatient as wards

pytestmark = pytest.mark.django_db


def told(code: str, about: models.Model) -> str:
    """The demonstration's words with the facts as they are now."""
    said = next(one for one in TEMPLATES if one.code == code)
    return said.body.format_map(words_for.ask(code)(Message(template=code, about_id=about.pk)))


def stay_of_one_day() -> Admission:
    """A stay in 示范医院 with money and one line."""
    ward = wards.ward(hospital=make.hospital(name="示范医院"))
    stay = wards.admission(ward=ward)
    wards.paid_deposit(stay, amount_fen=50_000)
    wards.daily_line(stay, amount_fen=12_345)
    return stay


def test_the_family_hears_where_the_patient_lies() -> None:
    assert told(words.ADMITTED, stay_of_one_day()) == (
        "已于2026-03-02 08:00入住示范医院心内科病区1床。"
    )


def test_the_daily_list_says_what_is_left() -> None:
    assert told(words.DAILY_LIST, stay_of_one_day().daily_lists.get()) == (
        "3月2日 周一费用¥123.45，住院以来共¥123.45，预交金余额¥376.55。"
    )


def test_the_discharge_says_what_goes_back() -> None:
    stay = stay_of_one_day()
    discharge(
        admission_id=stay.pk,
        wristband=str(stay.wristband),
        agreed=bill_of(stay).seal,
        nurse=wards.nurse(hospital=stay.hospital),
    )

    assert told(words.DISCHARGED, stay) == (
        "已于2026-03-02 08:00出院，共¥123.45，已付¥500.00，退回¥376.55。"
    )


def test_each_event_is_told_once() -> None:
    hospital = make.hospital()
    for code in (words.ADMITTED, words.DAILY_LIST, words.DISCHARGED):
        make.template(hospital=hospital, code=code, scope=Scope.INPATIENT)
    stay = wards.admission(ward=wards.ward(hospital=hospital))
    wards.daily_line(stay, amount_fen=0)
    wards.daily_line(stay, amount_fen=0)
    for _ in range(2):
        discharge(
            admission_id=stay.pk,
            wristband=str(stay.wristband),
            agreed=bill_of(stay).seal,
            nurse=wards.nurse(hospital=hospital),
        )

    codes = Message.objects.order_by("template").values_list("template", flat=True)
    assert list(codes) == ["admitted", "daily_list", "discharged"]
