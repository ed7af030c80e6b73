"""Who asks is one query; one's own logins are listed and ended."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import include, path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient

from accounts.actions.sign_in import MOST_TOKENS, issue_token
from accounts.actions.ticket import make_ticket, use_ticket
from accounts.errors import TicketUnknown
from accounts.models import Account, OneTimeTicket, PageSession, Role, Staff, Token
from accounts.permissions import ByStaff
from accounts.rules import by_account, by_staff, staff_of
from accounts.user_agents import system_of
from common import clock
from common.models import IdempotencyKey
from common.pages import page
from common.views import View
from tests import make
from tests.make.accounts import PASSWORD, login

pytestmark = pytest.mark.django_db
MINE = "/api/v1/me/sessions"


class Desk(View):
    """A view that shows who asks, with the hospital."""

    permission = ByStaff(Role.DOCTOR)

    def get(self, request: Request, *, code: str) -> Response:
        """Reads nothing more."""
        return Response({"hospital": staff_of(request).hospital.name, "code": code})


@page(by_staff(Role.DOCTOR))
def desk(request: HttpRequest, code: str) -> HttpResponse:
    """The same as a page."""
    return HttpResponse(staff_of(request).hospital.name + code)


@page(by_account)
def own(_request: HttpRequest) -> HttpResponse:
    """A page for patients."""
    return HttpResponse()


urlpatterns = [
    path("api/desk/<slug:code>/", Desk.as_view()),
    path("desk/<slug:code>/", desk),
    path("own/", own),
    path("", include("config.urls")),
]


@pytest.fixture
def phone() -> APIClient:
    """A mini-program's shell with its token, and the web view it opened, in one."""
    account = make.account()
    client = APIClient()
    token, _ = issue_token(account=account)
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    ticket = client.post("/api/v1/me/web-tickets").json()["ticket"]
    client.get("/m/enter", {"ticket": ticket})
    return client


def account_of(client: APIClient) -> Account:
    """Whose web view it is."""
    return PageSession.objects.get(session_key=client.session.session_key).account  # type: ignore[return-value]  # signed in


def kinds(client: APIClient) -> list[str]:
    """What the account's list says."""
    return [row["kind"] for row in client.get(MINE).json()["results"]]


def end(client: APIClient, what: object, *, key: str = "") -> int:
    """End one of the account's logins."""
    sent = client.post(f"{MINE}/{what}/end", {}, format="json", headers=make.keyed(key))
    return sent.status_code


def queries(client: Client, address: str) -> int:
    """How many statements a request takes; what a process remembers of hospitals, it knows."""
    client.get(address)
    with CaptureQueriesContext(connection) as taken:
        assert client.get(address).status_code == 200
    return len(taken)


@pytest.mark.urls("tests.accounts.test_sessions")
def test_a_token_is_known_by_one_query_with_its_staff_and_hospital() -> None:
    doctor = make.staff()

    assert queries(make.signed_in_client(doctor), f"/api/desk/{doctor.hospital.code}/") == 1


@pytest.mark.urls("tests.accounts.test_sessions")
def test_a_page_is_opened_by_one_query_with_its_staff_and_hospital(client: Client) -> None:
    doctor = make.staff()
    client.force_login(doctor.account)

    assert queries(client, f"/desk/{doctor.hospital.code}/") == 1


@pytest.mark.urls("tests.accounts.test_sessions")
def test_a_patients_page_is_opened_by_one_query(client: Client) -> None:
    client.force_login(make.account())

    assert queries(client, "/own/") == 1


@pytest.mark.urls("tests.accounts.test_sessions")
def test_the_use_is_written_once_an_hour(client: Client) -> None:
    client.force_login(make.account())
    PageSession.objects.update(used_at=clock.real_now() - timedelta(hours=3))

    with CaptureQueriesContext(connection) as taken:
        client.get("/own/")

    assert (len(taken), queries(client, "/own/")) == (2, 1)
    used_at = PageSession.objects.get().used_at
    assert (used_at.minute, used_at.second) == (0, 0)


def test_a_phone_sees_its_shell_and_its_web_view_without_any_address(phone: APIClient) -> None:
    answer = phone.get(MINE, headers={"User-Agent": "x"}).json()["results"]

    assert [row["kind"] for row in answer] == ["mini_program", "web_view"]
    assert [row["is_current"] for row in answer] == [True, False]
    assert "127.0.0.1" not in str(answer)
    assert set(answer[0]) == {"id", "kind", "system", "made_at", "used_at", "is_current"}


def test_ending_a_token_ends_the_web_view_that_it_opened(phone: APIClient) -> None:
    other = make.signed_in_client(account_of(phone))
    shell = Token.objects.get(pagesession__session_key=phone.session.session_key)

    assert end(other, shell.login_id) == 204

    assert phone.get(MINE).status_code == 401
    assert phone.get("/m/").headers["Location"].startswith("/m/enter")
    assert other.get(MINE).status_code == 200


def test_signing_the_shell_out_closes_its_web_view(phone: APIClient) -> None:
    phone.post("/api/v1/me/sign-out")

    assert phone.get("/m/").headers["Location"].startswith("/m/enter")


def test_ending_again_with_the_same_key_is_answered_the_same(phone: APIClient) -> None:
    other = login(account_of(phone))[0]
    key = str(uuid4())

    assert [end(phone, other.login_id, key=key), end(phone, other.login_id, key=key)] == [204, 204]
    assert end(phone, other.login_id) == 404


def test_somebody_elses_login_is_not_there_and_stays_open(phone: APIClient) -> None:
    theirs = make.signed_in_client(make.account())
    token = Token.objects.exclude(user=account_of(phone)).get()

    assert end(phone, token.login_id) == 404

    assert theirs.get(MINE).status_code == 200
    assert not IdempotencyKey.objects.exists()


def test_ending_the_others_leaves_the_phone_itself(phone: APIClient) -> None:
    other = make.signed_in_client(account_of(phone))

    sent = phone.post(f"{MINE}/end-others", {}, format="json", headers=make.keyed())

    assert sent.status_code == 204
    assert other.get(MINE).status_code == 401
    assert kinds(phone) == ["mini_program", "web_view"]
    assert phone.get("/m/").status_code == 200


def test_the_web_view_ends_the_others_and_keeps_its_shell(phone: APIClient) -> None:
    other = make.signed_in_client(account_of(phone))
    hospital = make.hospital()
    said = {"login_id": "others", "idempotency_key": str(uuid4())}

    phone.post(f"/m/{hospital.code}/me/devices/", said)

    assert other.get(MINE).status_code == 401
    assert kinds(phone) == ["mini_program", "web_view"]


def test_the_phones_page_shows_and_ends_a_login(phone: APIClient) -> None:
    address = f"/m/{make.hospital().code}/me/devices/"
    other = login(account_of(phone))[0]
    text = phone.get(address).content.decode()

    said = {"login_id": str(other.login_id), "idempotency_key": str(uuid4())}
    after = phone.post(address, said, follow=True).content.decode()

    assert str(other.login_id) in text
    assert str(other.login_id) not in after
    assert "已经退出" in after


@pytest.mark.parametrize("asked", ["", "x", str(UUID(int=7))])
def test_a_form_that_names_no_login_of_ones_own_ends_nothing(phone: APIClient, asked: str) -> None:
    said = {"login_id": asked, "idempotency_key": str(uuid4())}

    after = phone.post(f"/m/{make.hospital().code}/me/devices/", said, follow=True)

    assert "这个登录已经退出了" in after.content.decode()
    assert kinds(phone) == ["mini_program", "web_view"]


def signed_in_browser(staff: Staff, agent: str) -> Client:
    """A browser at some desk."""
    client = Client(headers={"User-Agent": agent})
    said = {"username": staff.account.username, "password": PASSWORD}
    assert client.post("/staff/sign-in/", said).status_code == 302
    return client


def test_staff_see_and_end_the_browser_they_left_open() -> None:
    doctor = make.staff()
    here, there = (signed_in_browser(doctor, f"Mozilla ({on})") for on in ("Windows", "Macintosh"))
    address = f"/staff/{doctor.hospital.code}/my-sign-ins/"
    text = here.get(address).content.decode()
    left = PageSession.objects.get(session_key=there.session.session_key)

    here.post(address, {"login_id": str(left.login_id), "idempotency_key": str(uuid4())})

    assert "Windows 电脑" in text
    assert "苹果电脑" in text
    assert there.get(address).status_code == 302
    assert here.get(address).status_code == 200


def test_a_ticket_of_a_login_that_was_ended_opens_nothing() -> None:
    account = make.account()
    token = login(account)[0]
    made = make_ticket(account=account, use=OneTimeTicket.Use.WEB, login_id=token.login_id)
    token.delete()

    with pytest.raises(TicketUnknown):
        use_ticket(ticket=made.ticket, use=OneTimeTicket.Use.WEB)


def test_an_account_keeps_a_bounded_number_of_tokens_and_loses_the_idlest() -> None:
    account = make.account()
    for _ in range(MOST_TOKENS):
        issue_token(account=account)
    idle = Token.objects.order_by("made_at")[5]
    Token.objects.filter(pk=idle.pk).update(used_at=clock.real_now() - timedelta(days=9))

    issue_token(account=account)

    assert Token.objects.count() == MOST_TOKENS
    assert not Token.objects.filter(pk=idle.pk).exists()


def test_a_changed_password_ends_the_sessions_before_it(client: Client) -> None:
    doctor = make.staff()
    client.force_login(doctor.account)
    doctor.account.set_password("Summer-wind-2026")
    doctor.account.save(update_fields=["password"])

    assert client.get(f"/staff/{doctor.hospital.code}/").status_code == 302
    assert not PageSession.objects.filter(account=doctor.account).exists()


@pytest.mark.parametrize(
    ("agent", "system"),
    [
        ("Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0 MiniProgramEnv/android", "android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17) MicroMessenger/8.0", "ios"),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0)", "harmony"),
        ("Mozilla/5.0 (Windows NT 10.0)", "windows"),
        ("", "other"),
    ],
)
def test_a_browser_is_known_by_its_kind_of_machine_alone(agent: str, system: str) -> None:
    assert system_of(agent) == system
