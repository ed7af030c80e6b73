"""Logging in and out, and the tickets that open pages and sockets."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions.sign_in import account_of_code, issue_token
from accounts.actions.sign_out import sign_out
from accounts.actions.ticket import make_ticket
from accounts.authentication import PageAuthentication, TokenAuthentication
from accounts.models import OneTimeTicket
from accounts.permissions import ByAccount
from accounts.rules import account_of
from accounts.serializers import LoginInput, TicketOutput, TokenOutput
from accounts.throttles import LoginByAddress, TicketByAccount, TicketByAddress
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
        token, expires_at = issue_token(account=account)
        return Response(TokenOutput({"token": token, "expires_at": expires_at}).data)


class WebTickets(View):
    """The shell opens our pages in its web view."""

    permission = ByAccount()
    throttle_classes = (TicketByAccount, TicketByAddress)

    @extend_schema(request=None, responses=TicketOutput)
    def post(self, request: Request) -> Response:
        """A ticket for `/m/enter?ticket=…&next=…`, good once within 60 s."""
        made = make_ticket(account=account_of(request), use=OneTimeTicket.Use.WEB)
        return Response(TicketOutput(made).data)


class SocketTickets(View):
    """A phone's page opens a websocket."""

    permission = SignedIn()
    authentication_classes = (TokenAuthentication, PageAuthentication)
    throttle_classes = (TicketByAccount, TicketByAddress)

    @extend_schema(request=None, responses=TicketOutput)
    def post(self, request: Request) -> Response:
        """A ticket for the socket's first frame, good once within 30 s."""
        made = make_ticket(account=account_of(request), use=OneTimeTicket.Use.SOCKET)
        return Response(TicketOutput(made).data)


class SignOut(View):
    """The shell forgets its account."""

    permission = SignedIn()

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """The token opens nothing more."""
        sign_out(account=account_of(request), token=request.auth)
        return Response(status=204)
