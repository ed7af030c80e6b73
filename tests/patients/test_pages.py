"""The phone's own pages."""

from uuid import uuid4

import pytest
from django.test import Client

from hospitals.models import Hospital
from patients.models import Patient, Relation
from tests import make

pytestmark = pytest.mark.django_db
ME = "/m/demo/me/"


@pytest.fixture
def hospital() -> Hospital:
    """The hospital of the pages."""
    return make.hospital(code="demo", name="示范医院")


@pytest.fixture
def phone(client: Client, hospital: Hospital) -> Client:
    """The web view of somebody who has just entered."""
    client.force_login(make.account())
    return client


def said(**changes: str) -> dict[str, str]:
    """A form that works."""
    return {
        "idempotency_key": str(uuid4()),
        "name": "欧阳𬱖",
        "document_number": "11010519491231002X",
        "phone": "13800138000",
        "relation": "self",
        **changes,
    }


def test_a_rare_name_is_registered_and_shown_right(phone: Client) -> None:
    response = phone.post(ME, said(), follow=True)

    text = response.content.decode()
    assert "欧阳𬱖" in text
    assert "110***********002X" in text
    assert "11010519491231002X" not in text


def test_a_form_sent_twice_registers_once(phone: Client) -> None:
    form = said(relation="family")

    phone.post(ME, form)
    phone.post(ME, form)

    assert Patient.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"document_number": "110105194912310021"}, "号码对不上"),
        ({"document_number": "110105491231002"}, "旧证"),
        ({"name": "王😀"}, "不要带数字或符号"),
        ({"phone": "123"}, "11 位手机号"),
        ({"idempotency_key": ""}, "处需要改一下"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(
    phone: Client, changes: dict[str, str], words: str
) -> None:
    response = phone.post(ME, said(**changes))

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Patient.objects.exists()


def test_who_is_held_by_another_is_sent_to_the_counter(phone: Client, hospital: Hospital) -> None:
    make.patient(hospital=hospital, name="欧阳𬱖", document_number="11010519491231002X")

    response = phone.post(ME, said())

    assert "窗口" in response.content.decode()


def test_nobody_sees_another_accounts_people(phone: Client, hospital: Hospital) -> None:
    make.patient(hospital=hospital, name="李秀英", relation=Relation.FAMILY)

    assert "李秀英" not in phone.get(ME).content.decode()


def test_with_one_hospital_the_phone_goes_straight_in(phone: Client) -> None:
    assert phone.get("/m/").headers["Location"].startswith("/m/demo/")


def test_with_several_ones_own_hospital_comes_first(client: Client) -> None:
    account = make.account()
    make.hospital(code="aaa", name="甲医院")
    mine = make.patient(account=account, hospital=make.hospital(code="zzz", name="子医院"))
    client.force_login(account)

    text = client.get("/m/").content.decode()

    assert text.index(mine.hospital.name) < text.index("甲医院")


def test_a_visitor_is_led_to_the_entrance_and_an_unknown_hospital_is_not_there(
    client: Client, phone: Client
) -> None:
    assert Client().get(ME).headers["Location"] == "/m/enter?next=%2Fm%2Fdemo%2Fme%2F"
    assert phone.get("/m/nowhere/me/").status_code == 404


def test_each_kind_of_document_asks_for_what_its_number_does_not_say(phone: Client) -> None:
    passport = phone.get(f"{ME}?document=passport").content.decode()
    card = phone.get(f"{ME}?document=nonsense").content.decode()

    assert all(
        field in passport for field in ('name="nationality"', 'name="born_on"', 'name="sex"')
    )
    assert not any(field in card for field in ('name="nationality"', 'name="born_on"'))


def test_a_foreigner_registers_with_a_passport_and_is_shown_what_comes_next(phone: Client) -> None:
    passport = said(
        document_type="passport",
        document_number="tk 1234567",
        nationality="JPN",
        born_on="1988-02-25",
        sex="2",
        name="Tanaka Hanako",
    )

    text = phone.post(ME, passport, follow=True).content.decode()

    assert "去预约挂号" in text
    assert ("护照" in text, "未核验" in text, "TK1234567" in text) == (True, True, False)


def test_what_is_wrong_is_said_in_the_words_of_the_kind(phone: Client) -> None:
    wrong = said(document_type="home_return_permit", born_on="1988-02-25", sex="2")

    response = phone.post(ME, wrong)

    assert response.status_code == 422
    assert "H 或 M 加 8 位或 10 位数字" in response.content.decode()
