"""What devices and badges look like to a browser: sessions that end, and what they may not open."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import include, path
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions.badge import take_badge_back
from accounts.actions.enrol import add_device, block_device, make_enrolment_code
from accounts.actions.leave_service import end_service
from accounts.at_device import DEVICE_KEY, device_of
from accounts.authentication import PageAuthentication
from accounts.models import Badge, Device, DeviceSession, PageSession, Role, Staff
from accounts.permissions import ByStaff
from accounts.rules import by_staff
from common import clock
from common.pages import page
from hospitals.views import HospitalView
from tests import make
from tests.accounts.tablet import PIN, Tablet, enrolled_tablet, nurse_with_badge
from tests.make.accounts import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.test_device_pages")]
NUMBER = "B-0417"


@page(by_staff(Role.NURSE))
def bedside(request: HttpRequest, code: str) -> HttpResponse:
    """A page that tells at which device it was opened."""
    device = device_of(request)
    return JsonResponse({"device": device.name if device else None, "hospital": code})


@page(by_staff(Role.NURSE, strong=True))
def export(_request: HttpRequest, code: str) -> HttpResponse:
    """A page that takes much away."""
    return HttpResponse(code)


class BedsideActs(HospitalView):
    """What a bedside page sends."""

    authentication_classes = (PageAuthentication,)
    permission = ByStaff(Role.NURSE)

    def get(self, request: Request, *, code: str) -> Response:
        """At which device."""
        device = device_of(request)
        return Response({"device": device.name if device else None, "hospital": code})


class Exports(BedsideActs):
    """What takes much away."""

    permission = ByStaff(Role.NURSE, strong=True)


urlpatterns = [
    path("staff/<slug:code>/export/", export),
    path("api/v1/hospitals/<slug:code>/acts", BedsideActs.as_view()),
    path("api/v1/hospitals/<slug:code>/exports", Exports.as_view()),
    path("staff/<slug:code>/bedside/", bedside),
    path("staff/<slug:code>/bedside/live/", bedside),
    path("", include("config.urls")),
]


@pytest.fixture
def administrator() -> Staff:
    """Who looks after the devices."""
    return make.staff(role=Role.ADMINISTRATOR)


@pytest.fixture
def tablet(administrator: Staff) -> Tablet:
    """A tablet in use."""
    return enrolled_tablet(administrator)


@pytest.fixture
def badge(administrator: Staff) -> Badge:
    """A nurse's."""
    return nurse_with_badge(administrator, number=NUMBER)


@pytest.fixture
def desk(administrator: Staff, client: Client) -> Client:
    """The administrator's browser."""
    client.force_login(administrator.account)
    return client


def badge_in(client: Client, tablet: Tablet, *, number: str = NUMBER, pin: str = PIN) -> int:
    """Sign in by badge as the page's script does; the status."""
    challenge = client.post("/staff/device-challenge/").json()["challenge"]
    shown = vars(tablet.shows(number, pin, challenge=challenge))
    return client.post("/staff/badge/", shown).status_code


def bedside_page(client: Client, staff: Staff, *, live: str = "") -> HttpResponse:
    """The nurse's page in this browser."""
    return client.get(f"/staff/{staff.hospital.code}/bedside/{live}")  # type: ignore[return-value]  # the test client's


def used_ago(ago: timedelta) -> None:
    """The device was last touched so long ago."""
    DeviceSession.objects.update(used_at=clock.real_now() - ago)


def test_a_badge_opens_a_session_that_knows_its_device(
    client: Client, tablet: Tablet, badge: Badge
) -> None:
    assert badge_in(client, tablet) == 302

    told = bedside_page(client, badge.staff)

    assert told.json()["device"] == "心内科平板 1"  # type: ignore[attr-defined]  # likewise
    assert client.session[DEVICE_KEY] == str(tablet.device_id)


def test_a_password_session_has_no_device(client: Client, badge: Badge) -> None:
    client.force_login(badge.staff.account)

    assert bedside_page(client, badge.staff).json()["device"] is None  # type: ignore[attr-defined]  # likewise


def test_nothing_opens_without_the_devices_own_proof(
    client: Client, tablet: Tablet, badge: Badge
) -> None:
    bare = client.post("/staff/badge/", {"badge_number": NUMBER, "pin": PIN})
    stolen = Tablet(device_id=tablet.device_id)

    assert bare.status_code == 422
    assert "没有通过验证" in bare.content.decode()
    assert badge_in(client, stolen) == 422
    assert bedside_page(client, badge.staff).status_code == 302


def test_wrong_pins_are_told_and_then_the_lock(
    client: Client, tablet: Tablet, badge: Badge
) -> None:
    statuses = [badge_in(client, tablet, pin="507136") for _ in range(5)]
    shown = vars(tablet.shows(NUMBER))

    locked = client.post("/staff/badge/", shown).content.decode()

    assert statuses == [422] * 5
    assert "工牌已锁" in locked


def test_a_session_that_nobody_touches_for_ten_minutes_is_over(
    client: Client, tablet: Tablet, badge: Badge
) -> None:
    badge_in(client, tablet)
    used_ago(timedelta(minutes=9))
    assert bedside_page(client, badge.staff).status_code == 200
    assert DeviceSession.objects.get().used_at > clock.real_now() - timedelta(minutes=1)
    used_ago(timedelta(minutes=10))

    assert bedside_page(client, badge.staff).status_code == 302
    assert DEVICE_KEY not in client.session


def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(
    client: Client, tablet: Tablet, badge: Badge
) -> None:
    badge_in(client, tablet)
    used_ago(timedelta(minutes=9))

    assert bedside_page(client, badge.staff, live="live/").status_code == 200

    assert DeviceSession.objects.get().used_at < clock.real_now() - timedelta(minutes=8)


def test_blocking_the_device_ends_the_session_at_once(
    client: Client, tablet: Tablet, badge: Badge, administrator: Staff
) -> None:
    badge_in(client, tablet)
    opened = DeviceSession.objects.get()

    block_device(by=administrator, device_id=opened.device_id)

    assert not PageSession.objects.filter(account=badge.staff.account).exists()  # sockets go too
    assert bedside_page(client, badge.staff).status_code == 302
    assert badge_in(client, tablet) == 422


@pytest.mark.parametrize("left", ["badge", "hospital"])
def test_a_lost_badge_and_a_leaver_are_out_at_once(
    client: Client, tablet: Tablet, badge: Badge, administrator: Staff, left: str
) -> None:
    badge_in(client, tablet)
    ends = {
        "badge": lambda: take_badge_back(by=administrator, staff_number=badge.staff.number),
        "hospital": lambda: end_service(staff_id=badge.staff_id, by=administrator),
    }

    ends[left]()

    assert bedside_page(client, badge.staff).status_code == 302
    assert badge_in(client, tablet) == 422
    assert not Badge.objects.get().is_given


def test_another_badge_ends_the_session_before_it(
    client: Client, tablet: Tablet, badge: Badge, administrator: Staff
) -> None:
    nurse_with_badge(administrator, number="B-2")
    earlier = Client()
    badge_in(earlier, tablet)

    badge_in(client, tablet, number="B-2")

    assert bedside_page(earlier, badge.staff).status_code == 302
    assert bedside_page(client, badge.staff).status_code == 200


def test_handing_over_signs_out(client: Client, tablet: Tablet, badge: Badge) -> None:
    badge_in(client, tablet)

    answer = client.post("/staff/hand-over/")

    assert answer.headers["Location"] == "/staff/badge/"
    assert bedside_page(client, badge.staff).status_code == 302
    assert not DeviceSession.objects.open().exists()


def test_a_badge_is_enough_at_the_bedside_and_for_nothing_strong(
    client: Client, tablet: Tablet, badge: Badge
) -> None:
    badge_in(client, tablet)
    code = badge.staff.hospital.code

    acts = client.get(f"/api/v1/hospitals/{code}/acts")

    assert acts.json()["device"] == "心内科平板 1"
    assert client.get(f"/api/v1/hospitals/{code}/exports").status_code == 403
    assert client.get(f"/staff/{code}/export/").status_code == 403
    assert client.get("/staff/password/").status_code == 302
    assert client.get("/staff/second-factor/bind/").status_code == 302


def test_a_badges_session_is_worth_nothing_outside_the_hospital(
    client: Client, tablet: Tablet, badge: Badge
) -> None:
    badge_in(client, tablet)
    code = badge.staff.hospital.code
    addresses = [f"/api/v1/hospitals/{code}/acts", f"/staff/{code}/bedside/"]

    told = [client.get(one, REMOTE_ADDR="203.0.113.7").status_code for one in addresses]

    assert told == [403, 403]
    assert [client.get(one).status_code for one in addresses] == [200, 200]


def test_a_badge_does_not_choose_its_own_pin(client: Client, tablet: Tablet, badge: Badge) -> None:
    badge_in(client, tablet)
    here = f"/staff/{badge.staff.hospital.code}/pin/"

    refused = client.post(here, {"pin": "305981", "again": "305981"})

    assert refused.status_code == 403
    assert Badge.objects.get().pin == badge.pin


def test_the_password_after_a_badge_makes_a_password_session(
    client: Client, tablet: Tablet, badge: Badge
) -> None:
    badge_in(client, tablet)
    said = {"username": badge.staff.account.username, "password": PASSWORD}

    client.post("/staff/sign-in/", said)

    assert DEVICE_KEY not in client.session
    assert client.get(f"/staff/{badge.staff.hospital.code}/pin/").status_code == 200


def test_a_nurse_chooses_a_pin(client: Client, tablet: Tablet, badge: Badge) -> None:
    client.force_login(badge.staff.account)
    here = f"/staff/{badge.staff.hospital.code}/pin/"

    easy = client.post(here, {"pin": "123456", "again": "123456"})
    differs = client.post(here, {"pin": "305981", "again": "305982"})
    done = client.post(here, {"pin": "305981", "again": "305981"})

    assert (easy.status_code, differs.status_code, done.status_code) == (422, 422, 302)
    assert badge_in(Client(), tablet, pin="305981") == 302


def test_an_administrator_adds_a_device_and_reads_its_code_once(
    desk: Client, administrator: Staff
) -> None:
    here = f"/staff/{administrator.hospital.code}/devices/"
    said = {"name": "急诊平板", "place": "急诊", "kind": "tablet", "idempotency_key": "k-1"}
    added = desk.post(here, said)
    again = desk.post(here, said)

    shown = desk.post(added.headers["Location"], {"act": "code"}).content.decode()
    code = "".join(shown.partition("data-code>")[2].partition("<")[0].split())

    assert added.headers["Location"] == again.headers["Location"]
    assert Tablet().enrolled_with(code).name == "急诊平板"
    assert "data-code>" not in desk.get(added.headers["Location"]).content.decode()


def test_the_enrolment_page_takes_a_right_code_and_refuses_a_wrong_one(
    client: Client, administrator: Staff
) -> None:
    device = add_device(by=administrator, name="平板", place="急诊", kind=Device.Kind.TABLET)
    made = make_enrolment_code(by=administrator, device_id=device.pk)
    tablet = Tablet()

    wrong = client.post("/staff/enrol/", tablet.asks("1" * 14))
    right = client.post("/staff/enrol/", tablet.asks(f"{made.code[:6]} {made.code[6:]}"))

    assert (wrong.status_code, right.status_code) == (422, 200)
    assert f'data-device-enrolled="{device.pk}"' in right.content.decode()


def test_an_administrator_blocks_a_device(
    desk: Client, administrator: Staff, tablet: Tablet
) -> None:
    here = f"/staff/{administrator.hospital.code}/devices/{tablet.device_id}/"

    desk.post(here, {"act": "block", "idempotency_key": "k-1"})

    assert "已停用" in desk.get(here).content.decode()
    assert Device.objects.get().status == Device.Status.BLOCKED


def test_an_administrator_gives_opens_and_takes_back_a_badge(
    desk: Client, administrator: Staff
) -> None:
    nurse = make.staff(hospital=administrator.hospital, role=Role.NURSE)
    here = f"/staff/{administrator.hospital.code}/badges/"
    desk.post(
        here,
        {
            "act": "give",
            "staff_number": nurse.number,
            "badge_number": NUMBER,
            "idempotency_key": "k-1",
        },
    )
    given = desk.get(here).content.decode()
    Badge.objects.update(tries_left=0)

    desk.post(here, {"act": "open", "staff_number": nurse.number, "idempotency_key": "k-2"})
    opened = Badge.objects.get()
    desk.post(here, {"act": "take_back", "staff_number": nurse.number, "idempotency_key": "k-3"})

    assert "工牌尾号 0417" in given
    assert (opened.is_given, opened.is_locked) == (True, False)
    assert not Badge.objects.get().is_given


def test_the_desk_is_for_administrators_of_this_hospital(
    client: Client, administrator: Staff, tablet: Tablet
) -> None:
    nurse = make.staff(hospital=administrator.hospital, role=Role.NURSE)
    here = f"/staff/{administrator.hospital.code}"
    pages = [f"{here}/devices/", f"{here}/devices/{tablet.device_id}/", f"{here}/badges/"]

    client.force_login(nurse.account)
    assert [client.get(one).status_code for one in pages] == [403] * 3
    stranger = make.staff(role=Role.ADMINISTRATOR)
    client.force_login(stranger.account)
    assert [client.get(one).status_code for one in pages] == [404] * 3
    own = f"/staff/{stranger.hospital.code}/devices/{tablet.device_id}/"
    assert client.get(own).status_code == 404


def test_the_lists_cost_the_same_however_long(
    desk: Client, administrator: Staff, tablet: Tablet, badge: Badge
) -> None:
    here = f"/staff/{administrator.hospital.code}"
    desk.get(f"{here}/devices/")  # the policy and the login's hour are known from now on
    costs = []
    for name in ("二", "三"):
        for address in (f"{here}/devices/", f"{here}/badges/"):
            with CaptureQueriesContext(connection) as asked:
                desk.get(address)
            costs.append(len(asked))
        add_device(by=administrator, name=name, place="急诊", kind=Device.Kind.TABLET)
        nurse_with_badge(administrator, number=name)

    assert costs[:2] == costs[2:]
