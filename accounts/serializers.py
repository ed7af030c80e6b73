"""What the login edge reads and answers."""

from typing import Any

from rest_framework import serializers

from common.serializers import Input, TextField


class LoginInput(Input):
    """What wx.login gave, and to which mini-program."""

    app_id = TextField(max_length=32)
    code = TextField(max_length=128)


class TokenOutput(serializers.Serializer[Any]):
    """A token for `Authorization: Token …`, shown this once."""

    token = serializers.CharField()
    expires_at = serializers.DateTimeField()


class TicketOutput(serializers.Serializer[Any]):
    """A ticket that opens one thing once."""

    ticket = serializers.CharField()
    expires_at = serializers.DateTimeField()
