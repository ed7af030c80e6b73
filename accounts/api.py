"""Logging in and out, and the tickets that open pages and sockets."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions.end_login import end_login, end_other_logins
from accounts.actions.sign_in import account_of_code, issue_token
from accounts.actions.sign_out import sign_out
from accounts.actions.ticket import make_ticket
from accounts.authentication import (
    PageAuthentication,
    TokenAuthentication,
    login_id_of,
    login_of,
)
from accounts.logins import logins_of
from accounts.models import OneTimeTicket, Token
from accounts.permissions import ByAccount
from accounts.rules import account_of
from accounts.serializers import LoginInput, LoginsOutput, NothingInput, TicketOutput, TokenOutput
from accounts.throttles import LoginByAddress, TicketByAccount, TicketByAddress
from accounts.user_agents import system_of
from common.http import ending
from common.views import Anyone, SignedIn, View


class WeChatLogin(View):
    """A phone proves itself by wx.login's code."""

    permission = Anyone()
    authentication_classes = ()
    throttle_classes = (LoginByAddress,)

    @extend_schema(request=LoginInput, responses=TokenOutput)
    def post(self, request: Request) -> Response:
        """A token for 30 days."""
        form = LoginInput(data=request.data)
        form.is_valid(raise_exception=True)
        account = account_of_code(**form.validated_data)
        system = system_of(request.headers.get("User-Agent", ""))
        token, expires_at = issue_token(account=account, system=system)
        return Response(TokenOutput({"token": token, "expires_at": expires_at}).data)


class WebTickets(View):
    """The shell opens our pages in its web view."""

    permission = ByAccount()
    throttle_classes = (TicketByAccount, TicketByAddress)

    @extend_schema(request=None, responses=TicketOutput)
    def post(self, request: Request) -> Response:
        """A ticket for `/m/enter?ticket=…&next=…`, good once within 60 s."""
        made = make_ticket(
            account=account_of(request),
            use=OneTimeTicket.Use.WEB,
            login_id=login_id_of(request),
        )
        return Response(TicketOutput(made).data)


class SocketTickets(View):
    """A phone's page opens a websocket."""

    permission = SignedIn()
    authentication_classes = (TokenAuthentication, PageAuthentication)
    throttle_classes = (TicketByAccount, TicketByAddress)

    @extend_schema(request=None, responses=TicketOutput)
    def post(self, request: Request) -> Response:
        """A ticket for the socket's first frame, good once within 30 s."""
        made = make_ticket(
            account=account_of(request),
            use=OneTimeTicket.Use.SOCKET,
            login_id=login_id_of(request),
        )
        return Response(TicketOutput(made).data)


class SignOut(View):
    """The shell forgets its account."""

    permission = SignedIn()

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """The token opens nothing more."""
        token = request.auth if isinstance(request.auth, Token) else None
        sign_out(account=account_of(request), token=token)
        return Response(status=204)


class LoginList(View):
    """Every way into the account that is open."""

    permission = SignedIn()

    @extend_schema(responses=LoginsOutput)
    def get(self, request: Request) -> Response:
        """The one that asks first, then the newest."""
        mine = logins_of(account_of(request), asking=login_of(request))
        return Response(LoginsOutput({"results": mine}).data)


class EndLogin(View):
    """A phone was lost, a browser was left open."""

    permission = SignedIn()

    @extend_schema(request=NothingInput, responses={204: None})
    def post(self, request: Request, *, login_id: UUID) -> Response:
        """It opens nothing more; its open sockets close within seconds."""
        NothingInput(data=request.data).is_valid(raise_exception=True)
        return ending(request, end_login, account=account_of(request), login_id=login_id)


class EndOtherLogins(View):
    """Somebody may know more than they should."""

    permission = SignedIn()

    @extend_schema(request=NothingInput, responses={204: None})
    def post(self, request: Request) -> Response:
        """Only the one that asks stays, with the web views it opened."""
        NothingInput(data=request.data).is_valid(raise_exception=True)
        keep = login_id_of(request)
        return ending(request, end_other_logins, account=account_of(request), keep=keep)
