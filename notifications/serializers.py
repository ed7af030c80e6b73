"""What the edge of notifications reads and shows."""

from typing import Any, ClassVar

from rest_framework import serializers

from accounts.models import Account
from common.serializers import Input, Output, TextField
from notifications.inbox import Inbox
from notifications.models import Credit, Message


class AcceptedInput(Input):
    """WeChat's templates that the person accepted in one dialog."""

    accepted = serializers.ListField(
        child=TextField(max_length=64), min_length=1, max_length=5
    )  # wx.requestSubscribeMessage takes at most five


class MessageOutput(Output):
    """A message in the inbox."""

    related = ("hospital",)

    hospital = serializers.CharField(source="hospital.code")
    title = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField()
    at = serializers.DateTimeField(source="due_at")

    class Meta:
        model = Message
        fields: ClassVar[list[str]] = [
            "id",
            "hospital",
            "patient_id",
            "template",
            "grade",
            "title",
            "text",
            "about_kind",
            "about_id",
            "at",
            "read_at",
        ]

    def get_title(self, message: Message) -> str:
        """What the template is called."""
        return self._inbox(message).shown(message).title

    def get_text(self, message: Message) -> str:
        """The words."""
        return self._inbox(message).shown(message).text

    def _inbox(self, message: Message) -> Inbox:
        inbox: Inbox = self.context.get("inbox") or Inbox(message.account_id)
        return inbox


class CreditsOutput(Output):
    """How many messages of each of WeChat's templates the account still takes."""

    credits = serializers.SerializerMethodField()

    class Meta:
        model = Account
        fields: ClassVar[list[str]] = ["credits"]

    def get_credits(self, account: Account) -> dict[str, int]:
        """By WeChat's id of the template."""
        return Credit.objects.left(account.pk)

    @classmethod
    def rows(cls) -> Any:
        """Every account."""
        return Account.objects.all()
