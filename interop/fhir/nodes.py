"""A JSON document read element by element; what does not fit is named by its FHIR path."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from interop.hl7v2.values import within_reason
from interop.unreadable import Reason, Unreadable

DATE = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")
LONGEST_TEXT = 4000
MOST_PLACES = 20  # before or after the point: longer numbers only cost time


@dataclass(frozen=True, slots=True)
class Node:
    """One object of the document, and where it stands."""

    path: str
    members: Mapping[str, Any]

    def refusal(self, reason: Reason, name: str = "") -> Unreadable:
        """What to raise about the member `name`."""
        return Unreadable(reason, where=f"{self.path}.{name}" if name else self.path)

    def text(self, name: str) -> str:
        """A string, empty where it is absent."""
        value = self.members.get(name, "")
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            raise self.refusal(Reason.ELEMENT, name)
        return value.strip()

    def needed(self, name: str) -> str:
        """A string that must be there."""
        value = self.text(name)
        if not value:
            raise self.refusal(Reason.ELEMENT_MISSING, name)
        return value

    def number(self, name: str) -> Decimal | None:
        """A JSON number."""
        value = self.members.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self.refusal(Reason.ELEMENT, name)
        return Decimal(value)

    def flag(self, name: str) -> bool:
        """A JSON boolean, false where it is absent."""
        value = self.members.get(name, False)
        if not isinstance(value, bool):
            raise self.refusal(Reason.ELEMENT, name)
        return value

    def one(self, name: str) -> "Node":
        """An object, without members where it is absent."""
        return self._node(name, self.members.get(name, {}), path=f"{self.path}.{name}")

    def many(self, name: str) -> Iterator["Node"]:
        """The objects of an array."""
        values = self.members.get(name, [])
        if not isinstance(values, list):
            raise self.refusal(Reason.ELEMENT, name)
        for n, value in enumerate(values):
            yield self._node(name, value, path=f"{self.path}.{name}[{n}]")

    def moment(self, name: str, *, zone: tzinfo) -> datetime | None:
        """A dateTime; a date alone is its first moment in `zone`."""
        value = self.text(name)
        if not value:
            return None
        try:
            if MOMENT.fullmatch(value):
                return within_reason(datetime.fromisoformat(value))
            if DATE.fullmatch(value):
                day = date.fromisoformat(value)
                return within_reason(datetime.combine(day, time(), tzinfo=zone))
        except ValueError as wrong:
            raise self.refusal(Reason.TIME, name) from wrong
        raise self.refusal(Reason.TIME, name)

    def _node(self, name: str, value: Any, *, path: str) -> "Node":
        if not isinstance(value, dict):
            raise self.refusal(Reason.ELEMENT, name)
        return Node(path=path, members=value)


def read_resource(body: bytes, *, kind: str) -> Node:
    """The resource in `body`, which must be of that kind. Raises Unreadable."""
    try:
        text = body.decode("utf-8-sig")
        value = json.loads(
            text, object_pairs_hook=_once, parse_float=_number, parse_constant=_refuse
        )
        json.dumps(value, default=str, ensure_ascii=False).encode()  # no lone surrogates
    except (ValueError, RecursionError) as wrong:
        raise Unreadable(Reason.JSON) from wrong
    if not isinstance(value, dict) or "\\u0000" in text or "\x00" in text:
        raise Unreadable(Reason.JSON)
    if value.get("resourceType") != kind:
        raise Unreadable(Reason.RESOURCE, where="resourceType")
    node = Node(path=kind, members=value)
    if value.get("modifierExtension") or value.get("implicitRules"):
        raise node.refusal(Reason.MODIFIER, "modifierExtension")
    return node


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("A name stands twice.")
    return dict(pairs)


def _number(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as wrong:
        raise ValueError("The exponent is out of all bounds.") from wrong
    if abs(value.adjusted()) > MOST_PLACES:
        raise ValueError("The number is out of all bounds.")
    return value


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON number.")
