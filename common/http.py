"""The HTTP edge of a command: read, call once, present."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, models
from django.http import HttpRequest
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from common import clock, commands
from common.crypto import blind_index
from common.errors import InFlight, KeyMissing, KeyReused, SignInNeeded
from common.ids import new_id
from common.locking import is_guarded, is_lock_timeout
from common.models import IdempotencyKey
from common.serializers import Output

KEY_HEADER = "Idempotency-Key"
LONGEST_KEY = 100


class StrictJSONParser(JSONParser):
    """JSON without NaN, lone surrogates, NUL or repeated names; anything else is refused."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:  # noqa: PLR0917 - DRF's signature
        """The decoded body. Raises ParseError."""
        try:
            text = stream.read().decode("utf-8")
            value = json.loads(
                text, object_pairs_hook=_without_doubles, parse_constant=_refuse_constant
            )
        except (ValueError, RecursionError) as trouble:
            raise ParseError from trouble
        if not isinstance(value, dict) or not _is_storable(text):
            raise ParseError
        return value


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("A name stands twice.")
    return dict(pairs)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number.")


def _is_storable(text: str) -> bool:
    """False for what PostgreSQL or UTF-8 cannot hold: NUL and lone surrogates."""
    low = text.lower()
    return "\\u0000" not in low and "\x00" not in low and not _has_lone_surrogate(text)


def _has_lone_surrogate(text: str) -> bool:
    try:
        json.dumps(json.loads(text), ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def command(  # noqa: PLR0917 - reads as "this request does this and shows that"
    request: Request,
    act: Callable[..., models.Model],
    output: type[Output],
    *,
    status: int = 201,
    **arguments: Any,
) -> Response:
    """Carry out one action as one command, once per Idempotency-Key, and present its object.

    A repeat gets the first answer's status and the object as it is now. Raises KeyMissing,
    KeyReused, InFlight and whatever the action raises.
    """
    answer = once(_keyed(request), status=status, act=lambda: act(**arguments).pk)
    shown = output.rows().get(pk=answer.object_id)
    return Response(output(shown).data, status=answer.status)


def ending(request: Request, act: Callable[..., UUID], **arguments: Any) -> Response:
    """Carry out one action that leaves nothing to show, once per Idempotency-Key; answers 204.

    The action returns the key of what ended. Raises as `command`.
    """
    answer = once(_keyed(request), status=204, act=lambda: act(**arguments))
    return Response(status=answer.status)


def _keyed(request: Request) -> "KeyedRequest":
    return KeyedRequest(
        account_id=account_id_of(request),
        method=request.method or "",
        path=request.path,
        key=request.headers.get(KEY_HEADER, ""),
        body=_body(request),
    )


def _body(request: Request) -> bytes:
    return json.dumps(request.data, sort_keys=True, ensure_ascii=False).encode()


@dataclass(frozen=True)
class KeyedRequest:
    """What makes a request the same as an earlier one."""

    account_id: UUID
    method: str
    path: str
    key: str
    body: bytes


def account_id_of(request: HttpRequest | Request) -> UUID:
    """Who asks. Raises SignInNeeded for a visitor."""
    account_id = request.user.pk
    if not isinstance(account_id, UUID):
        raise SignInNeeded
    return account_id


def once(asked: KeyedRequest, *, status: int, act: Callable[[], UUID]) -> commands.Answer:
    """Open a command, insert its key, act, store the answer, commit.

    Raises KeyMissing, KeyReused, or InFlight where a twin is still at work after 2 s.
    """
    if not asked.key or len(asked.key) > LONGEST_KEY or not asked.key.isprintable():
        raise KeyMissing
    row = IdempotencyKey(
        id=new_id(),
        account_id=asked.account_id,
        method=asked.method,
        path=asked.path[:200],
        key=asked.key,
        fingerprint=blind_index("common.request", hashlib.sha256(asked.body).hexdigest()),
        status_code=status,
        made_at=clock.now(),
    )
    try:
        with commands.command():
            if not _is_first(row):
                return _first_answer(row)
            object_id = act()
            commands.write_statement(
                "UPDATE common_idempotencykey SET object_id = %s WHERE id = %s",
                [_key_value(object_id), _key_value(row.pk)],
            )
    except OperationalError as trouble:
        if is_lock_timeout(trouble):
            raise InFlight from trouble
        raise
    return commands.Answer(status=status, object_id=object_id, is_replay=False)


def _key_value(key: UUID) -> Any:
    return IdempotencyKey._meta.pk.get_db_prep_value(key, connection)


def _is_first(row: IdempotencyKey) -> bool:
    """Insert the key; waits while a twin's transaction is open, at most the lock timeout."""
    if not is_guarded("keys"):
        return True
    fields = row._meta.concrete_fields
    names = ", ".join(str(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    sql = f"INSERT INTO common_idempotencykey ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING"  # noqa: S608 - names of ours
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return bool(cursor.rowcount == 1)


def _first_answer(row: IdempotencyKey) -> commands.Answer:
    first = IdempotencyKey.objects.get(
        account_id=row.account_id, method=row.method, path=row.path, key=row.key
    )
    if first.fingerprint != row.fingerprint or first.object_id is None:
        raise KeyReused
    return commands.Answer(status=first.status_code, object_id=first.object_id, is_replay=True)
