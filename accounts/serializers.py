"""What the login edge reads and answers."""

from typing import Any

from rest_framework import serializers

from accounts.logins import Kind
from accounts.models.session import System
from common.serializers import Input, TextField


class LoginInput(Input):
    """What wx.login gave, and to which mini-program."""

    app_id = TextField(max_length=32)
    code = TextField(max_length=128)


class NothingInput(Input):
    """A command that says everything by its address."""


class TokenOutput(serializers.Serializer[Any]):
    """A token for `Authorization: Token …`, shown this once."""

    token = serializers.CharField()
    expires_at = serializers.DateTimeField()


class TicketOutput(serializers.Serializer[Any]):
    """A ticket that opens one thing once."""

    ticket = serializers.CharField()
    expires_at = serializers.DateTimeField()


class LoginOutput(serializers.Serializer[Any]):
    """A way in that is open; `used_at` is to the hour, and no address is kept."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    system = serializers.ChoiceField(choices=System.choices)
    made_at = serializers.DateTimeField()
    used_at = serializers.DateTimeField()
    is_current = serializers.BooleanField()


class LoginsOutput(serializers.Serializer[Any]):
    """All of them: they are few, so there is no next page."""

    results = LoginOutput(many=True)
