"""The API's doors: logging in, tickets, signing out."""

import pytest
from django.urls import include, path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient

from accounts.actions.ticket import use_ticket
from accounts.models import OneTimeTicket, Role, WeChatIdentity
from accounts.permissions import ByStaff
from accounts.rules import staff_of
from hospitals.models import MiniProgram
from hospitals.views import HospitalView
from tests import make
from tests.accounts.conftest import login_code
from tests.sandbox.outside import Sandbox

pytestmark = pytest.mark.django_db
LOGIN = "/api/v1/login/wechat"


class DutyRoom(HospitalView):
    """A view for nurses alone."""

    permission = ByStaff(Role.NURSE)

    def get(self, request: Request, *, code: str) -> Response:
        """Who asks."""
        return Response({"staff": str(staff_of(request).pk)})


urlpatterns = [
    path("", include("config.urls")),
    path("duty/<slug:code>/", DutyRoom.as_view()),
]


def log_in(client: APIClient, mini_program: MiniProgram, *, code: str) -> dict[str, str]:
    """The answer to a login that works."""
    sent = {"app_id": mini_program.app_id, "code": code}
    response = client.post(LOGIN, sent, format="json")
    assert response.status_code == 200, response.content
    answer: dict[str, str] = response.json()
    return answer


def test_a_phone_logs_in_and_is_known_by_its_token(
    mini_program: MiniProgram, code: str, wechat: Sandbox
) -> None:
    client = APIClient()

    answer = log_in(client, mini_program, code=code)

    client.credentials(HTTP_AUTHORIZATION=f"Token {answer['token']}")
    assert set(answer) == {"token", "expires_at"}
    assert client.get("/api/v1/me/patients").status_code == 200
    assert WeChatIdentity.objects.get().openid == wechat.credentials.people[0].openid


def test_the_second_login_of_a_phone_finds_the_account_of_the_first(
    mini_program: MiniProgram, wechat: Sandbox
) -> None:
    log_in(APIClient(), mini_program, code=login_code(wechat))
    log_in(APIClient(), mini_program, code=login_code(wechat))

    assert WeChatIdentity.objects.count() == 1


@pytest.mark.parametrize("code", ["no-such-code", "x" * 128])
def test_a_code_that_wechat_does_not_know_is_a_problem(
    mini_program: MiniProgram, code: str
) -> None:
    sent = {"app_id": mini_program.app_id, "code": code}

    response = APIClient().post(LOGIN, sent, format="json")

    assert (response.status_code, response.json()["code"]) == (422, "accounts.login_refused")
    assert not WeChatIdentity.objects.exists()


def test_a_login_while_wechat_is_away_may_be_tried_again(
    mini_program: MiniProgram, wechat: Sandbox, code: str
) -> None:
    wechat.fault("http_500", path="/sns/jscode2session")

    sent = {"app_id": mini_program.app_id, "code": code}
    response = APIClient().post(LOGIN, sent, format="json")

    assert (response.status_code, response.json()["code"]) == (503, "accounts.login_unavailable")


def test_an_app_of_nobody_is_not_found() -> None:
    response = APIClient().post(LOGIN, {"app_id": "wx0", "code": "c"}, format="json")

    assert (response.status_code, response.json()["code"]) == (404, "accounts.app_unknown")


@pytest.mark.parametrize(
    "sent",
    [{}, {"app_id": "wx0"}, {"app_id": 1, "code": "c"}, {"app_id": "a", "code": "c", "x": 1}],
)
def test_a_login_of_the_wrong_shape_is_refused(sent: dict[str, object]) -> None:
    response = APIClient().post(LOGIN, sent, format="json")

    assert (response.status_code, response.json()["code"]) == (422, "http.invalid")


def test_a_web_ticket_opens_a_page_for_its_account() -> None:
    account = make.account()

    answer = make.signed_in_client(account).post("/api/v1/me/web-tickets", {}, format="json")

    assert answer.status_code == 200
    spent = use_ticket(ticket=answer.json()["ticket"], use=OneTimeTicket.Use.WEB)
    assert spent.account == account


def test_a_visitor_gets_no_ticket() -> None:
    response = APIClient().post("/api/v1/me/web-tickets", {}, format="json")

    assert (response.status_code, response.json()["code"]) == (401, "http.sign_in")


def test_staff_get_no_ticket_for_the_phone() -> None:
    response = make.signed_in_client(make.staff()).post("/api/v1/me/web-tickets", {}, format="json")

    assert response.status_code == 403


def test_a_page_gets_a_socket_ticket_by_its_session_and_csrf_token() -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(make.account())
    client.get("/m/enter")
    client.get("/staff/sign-in/")  # a page with a form sets the cookie

    without = client.post("/api/v1/me/socket-tickets", {}, format="json")
    token = client.cookies["csrftoken"].value
    given = client.post(
        "/api/v1/me/socket-tickets", {}, format="json", headers={"X-CSRFToken": token}
    )

    assert (without.status_code, given.status_code) == (403, 200)
    assert use_ticket(ticket=given.json()["ticket"], use=OneTimeTicket.Use.SOCKET).used_at


def test_a_signed_out_token_opens_nothing_and_another_phone_stays_in() -> None:
    account = make.account()
    phone, other = make.signed_in_client(account), make.signed_in_client(account)

    assert phone.post("/api/v1/me/sign-out").status_code == 204

    assert phone.get("/api/v1/me/patients").status_code == 401
    assert other.get("/api/v1/me/patients").status_code == 200


def test_too_many_tickets_a_minute_are_refused() -> None:
    client = make.signed_in_client(make.account())
    statuses = [client.post("/api/v1/me/socket-tickets").status_code for _ in range(61)]

    assert statuses == [200] * 60 + [429]
    assert (
        make.signed_in_client(make.account()).post("/api/v1/me/socket-tickets").status_code == 200
    )


@pytest.mark.urls("tests.accounts.test_api")
def test_a_nurse_works_in_her_own_hospital_alone() -> None:
    nurse, elsewhere = make.staff(role=Role.NURSE), make.hospital()
    client = make.signed_in_client(nurse)

    assert client.get(f"/duty/{nurse.hospital.code}/").json() == {"staff": str(nurse.pk)}
    there = client.get(f"/duty/{elsewhere.code}/")
    assert (there.status_code, there.json()["code"]) == (404, "accounts.not_staff_here")


@pytest.mark.urls("tests.accounts.test_api")
def test_another_role_a_patient_and_a_visitor_are_refused() -> None:
    hospital = make.hospital()
    address = f"/duty/{hospital.code}/"

    cashier = make.signed_in_client(make.staff(hospital=hospital, role=Role.CASHIER))
    assert cashier.get(address).status_code == 403
    assert make.signed_in_client(make.account()).get(address).status_code == 403
    assert APIClient().get(address).status_code == 401


def test_a_secret_that_wechat_does_not_take_is_our_trouble_not_the_phones(
    mini_program: MiniProgram, code: str
) -> None:
    mini_program.secret = "0" * 32
    mini_program.save(update_fields=["secret"])

    sent = {"app_id": mini_program.app_id, "code": code}
    response = APIClient().post(LOGIN, sent, format="json")

    assert (response.status_code, response.json()["code"]) == (503, "accounts.login_unavailable")
