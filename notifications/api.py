"""One's own messages across hospitals, and what one accepted in WeChat."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules import account_of
from common.http import command
from common.pagination import NewestFirst
from common.views import SignedIn, View
from notifications.actions.count_credits import count_credits
from notifications.actions.read import read_message
from notifications.inbox import Inbox
from notifications.serializers import AcceptedInput, CreditsOutput, MessageOutput


class MyMessages(View):
    """The inbox."""

    permission = SignedIn()

    @extend_schema(responses=MessageOutput(many=True))
    def get(self, request: Request) -> Response:
        """The newest first."""
        inbox = Inbox(account_of(request).pk)
        paginator = NewestFirst()
        shown = paginator.paginate_queryset(inbox.messages(), request, view=self)
        output = MessageOutput(shown, many=True, context={"inbox": inbox})
        return paginator.get_paginated_response(output.data)


class MyMessageRead(View):
    """A message that was read."""

    permission = SignedIn()

    @extend_schema(request=None, responses=MessageOutput)
    def post(self, request: Request, *, message_id: UUID) -> Response:
        """Say that it was read."""
        return command(
            request,
            read_message,
            MessageOutput,
            status=200,
            message_id=message_id,
            account_id=account_of(request).pk,
        )


class MySubscriptions(View):
    """What the shell reports after wx.requestSubscribeMessage."""

    permission = SignedIn()

    @extend_schema(request=AcceptedInput, responses={201: CreditsOutput})
    def post(self, request: Request) -> Response:
        """Count the accepted templates."""
        form = AcceptedInput(data=request.data)
        form.is_valid(raise_exception=True)
        return command(
            request,
            count_credits,
            CreditsOutput,
            account=account_of(request),
            accepted=form.validated_data["accepted"],
        )
