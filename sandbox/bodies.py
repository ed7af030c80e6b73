"""Reading what strangers send."""

import json
from typing import NoReturn

from starlette.requests import Request

LONGEST_BODY = 1024 * 1024  # bytes; the largest honest body is a few kilobytes


class BodyTooLong(Exception):
    """The body is longer than the sandbox reads."""


class BodyUnreadable(Exception):
    """The body is not a JSON object in UTF-8."""


async def raw_body(request: Request) -> bytes:
    """The body's bytes. Raises BodyTooLong as soon as it is known."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > LONGEST_BODY:
            raise BodyTooLong
        chunks.append(chunk)
    return b"".join(chunks)


def json_object(raw: bytes) -> dict[str, object]:
    """The JSON object in the bytes, whatever the Content-Type said.

    Raises BodyUnreadable, also for NaN and for halves of surrogate pairs, which no UTF-8 holds.
    """
    try:
        text = raw.decode("utf-8")
        value = json.loads(text, parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as trouble:
        raise BodyUnreadable from trouble
    if not isinstance(value, dict):
        raise BodyUnreadable
    return value


def longest_character(value: object) -> int:
    """How many UTF-8 bytes the widest character of any string inside takes."""
    text = json.dumps(value, ensure_ascii=False)
    return len(max(text).encode("utf-8"))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
