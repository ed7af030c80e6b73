"""The demonstration hospital can be loaded again and again, and used at once."""

import json
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from accounts.models import Account, Role, Staff
from booking.actions.book import book_appointment
from booking.models import Appointment, Channel, RotaPattern, Session, Slot
from clinic.models import Bed, Department, Doctor, Institution, PriceItem, Room
from common import clock
from hospitals.models import Hospital, Merchant, MiniProgram, PolicyVersion
from hospitals.policy import policy_of
from interop.actions.introduce import digest_of
from interop.listener import sender_at
from interop.models import Protocol, Sender
from notifications.models import Template
from notifications.words import words_for
from rehearsal.demonstration.hospital import ALL_DAY
from rehearsal.demonstration.templates import TEMPLATES
from tests import make
from tests.notifications.phones import TEMPLATES as TEMPLATES_OF_TESTS

pytestmark = pytest.mark.django_db
MODELS = (
    *(Account, Bed, Department, Doctor, Hospital, Institution, PolicyVersion, PriceItem),
    *(RotaPattern, Room, Session, Slot, Staff, Template, MiniProgram, Merchant),
)
CREDENTIALS = {
    "base_url": "http://127.0.0.1:8790",
    "apps": [{"app_id": "wx1234", "secret": "s" * 32, "name": "演示"}],
    "merchants": [
        {
            "mchid": "1900000001",
            "serial_no": "A1",
            "private_key_pem": "private",
            "public_key_id": "PUB_KEY_ID_1",
            "public_key_pem": "public",
            "apiv3_key": "k" * 32,
            "app_id": "wx1234",
            "name": "演示医院",
        }
    ],
    "phone_secret": "open sesame",
    "people": [],
    "message_templates": [
        {
            "template_id": "T1",
            "key": "appointment_confirmed",
            "title": "",
            "fields": [],
            "labels": {},
        }
    ],
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    """A machine of its own for each test, with what the sandbox handed out."""
    (tmp_path / "sandbox").mkdir()
    (tmp_path / "sandbox" / "credentials.json").write_text(json.dumps(CREDENTIALS))
    settings.VAR_DIR = tmp_path
    settings.PAPERS_SIGNING_KEY = tmp_path / "papers" / "key.pem"
    settings.PAPERS_SIGNING_CERTIFICATE = tmp_path / "papers" / "certificate.pem"
    return tmp_path


def load(*options: str) -> list[str]:
    """Load the demonstration on our own files; what it says."""
    out = StringIO()
    call_command("load_demonstration", *(options or ("--alone",)), stdout=out)
    return out.getvalue().splitlines()


def told(home: Path) -> dict[str, Any]:
    """What the file of logins holds."""
    read: dict[str, Any] = json.loads((home / "demonstration.json").read_text(encoding="utf-8"))
    return read


def counts() -> dict[str, int]:
    """How many rows there are of each sort."""
    return {model.__name__: model._default_manager.count() for model in MODELS}


def test_loading_twice_is_loading_once(home: Path) -> None:
    load()
    once, logins = counts(), told(home)

    load()

    assert counts() == once
    assert told(home) == logins
    assert min(once.values()) == 0 < once["Session"]
    assert {name for name, count in once.items() if count == 0} == {"Institution"}


def test_it_says_what_it_did() -> None:
    lines = load()

    assert lines[0] == "demo 第一示范医院: from our own files"
    assert "科室: 12 added, 0 changed" in lines
    assert "床位: 12 added" in lines


def test_the_real_files_are_taken_where_they_are(shared_data: Path) -> None:
    lines = load("--from", str(shared_data))

    assert lines[0] == f"demo 第一示范医院: from {shared_data}"
    assert Department.objects.count() == 138 + 2
    assert Institution.objects.count() == 4392
    assert Doctor.objects.count() == 6 + 1


def test_a_newcomer_can_book_for_today_whatever_the_hour() -> None:
    hospital = load_at(clock.local(clock.now()))

    for hour in range(23):
        clock.shift_to(clock.local(clock.now()).replace(hour=hour, minute=31))
        slot = next_slot(hospital)
        book_appointment(
            slot_id=slot.pk,
            patient=make.patient(hospital=hospital),
            channel=Channel.ONLINE,
            account=make.account(),
        )

    assert Appointment.objects.filter(visit_on=clock.today()).count() == 23


def load_at(at: datetime) -> Hospital:
    """The demonstration hospital, loaded at this moment."""
    clock.shift_to(at)
    load()
    return Hospital.objects.get(code="demo")


def next_slot(hospital: Hospital) -> Slot:
    """The next slot of the department that never closes; it begins within half an hour."""
    slots = Slot.objects.filter(hospital=hospital, session__department__code=ALL_DAY)
    slot = slots.filter(begins_at__gt=clock.now()).order_by("begins_at").first()
    assert slot is not None
    assert slot.begins_at - clock.now() < timedelta(minutes=30)
    return slot


def test_the_whole_horizon_is_published() -> None:
    load()

    hospital = Hospital.objects.get(code="demo")
    last = policy_of(hospital.pk, now=clock.now()).last_day(clock.today())
    days = set(Session.objects.values_list("on", flat=True))
    assert days == {clock.today() + timedelta(days=ahead) for ahead in range(15)}
    assert max(days) == last


def test_everybody_with_pages_can_sign_in(home: Path) -> None:
    load()

    logins = told(home)["logins"]
    roles = set()
    for login in logins:
        account = authenticate(username=login["username"], password=login["password"])
        assert isinstance(account, Account)
        assert account.staff_row is not None
        roles.add(account.staff_row.role)
    assert roles == set(Role)
    assert {login["page"] for login in logins} == {"/staff/demo/"}


def test_every_doctor_of_the_rota_has_a_login() -> None:
    load()

    assert Doctor.objects.filter(staff=None).count() == 0
    assert Doctor.objects.filter(staff__role=Role.DOCTOR).count() == 9


def test_the_logins_are_for_their_owner_alone(home: Path) -> None:
    load()

    assert (home / "demonstration.json").stat().st_mode & 0o777 == 0o600
    assert told(home)["phone_url"] == "http://127.0.0.1:8790/phone/enter?key=open+sesame"


def test_lost_logins_are_made_anew_and_work(home: Path) -> None:
    load()
    (home / "demonstration.json").unlink()

    load()

    login = told(home)["logins"][0]
    assert authenticate(username=login["username"], password=login["password"]) is not None


def test_the_program_and_the_merchant_are_the_sandboxs() -> None:
    load()

    merchant = Merchant.objects.select_related("mini_program").get()
    assert (merchant.mchid, merchant.apiv3_key, merchant.mini_program.app_id) == (
        "1900000001",
        "k" * 32,
        "wx1234",
    )


def test_without_a_sandbox_it_still_loads(home: Path) -> None:
    (home / "sandbox" / "credentials.json").unlink()

    load()

    assert told(home)["phone_url"] == ""
    assert not Merchant.objects.exists()
    assert Template.objects.filter(wechat_template_id="").count() == len(TEMPLATES)


def test_every_occasion_that_has_facts_has_its_words() -> None:
    answered = set(words_for.keys()) - set(TEMPLATES_OF_TESTS)  # one process, many tests

    assert answered
    assert answered <= {said.code for said in TEMPLATES}


def test_a_template_of_the_provider_is_used_where_it_has_one() -> None:
    load()

    booked = Template.objects.get(code="appointment_booked")
    reminder = Template.objects.get(code="appointment_reminder")
    assert booked.wechat_template_id == "T1"
    assert booked.fields["time2"] == "time"
    assert (reminder.wechat_template_id, reminder.fields) == ("", {})


def test_orders_of_the_demonstration_have_prices() -> None:
    load()

    priced = PriceItem.objects.filter(code__in=["24317-0", "CBC", "54089-8"])
    assert priced.filter(price_fen__gt=0).count() == 3


def test_this_machine_may_speak_as_the_hospitals_system() -> None:
    load()

    assert sender_at("127.0.0.1", hospital=Hospital.objects.get(code="demo")) is not None


def test_the_prescribing_system_speaks_with_the_key_of_the_file(home: Path) -> None:
    load()
    key = told(home)["fhir_key"]
    load()

    sender = Sender.objects.get(protocol=Protocol.FHIR)
    assert told(home)["fhir_key"] == key
    assert sender.key_digest == digest_of(key)


def test_a_real_installation_refuses_the_demonstration(settings: Any) -> None:
    settings.PAPERS_DEMONSTRATION_SEAL = False

    with pytest.raises(CommandError):
        load()

    assert not Hospital.objects.exists()
