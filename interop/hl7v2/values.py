"""Times and numbers as HL7 writes them."""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal

from interop.unreadable import Reason, Unreadable

TIME = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"
    r"(?:(?P<hour>\d\d)(?:(?P<minute>\d\d)(?:(?P<second>\d\d)(?:\.(?P<fraction>\d{1,6}))?)?)?)?"
    r"(?P<offset>[+-]\d{4})?"
)
PARTIAL_DATE = re.compile(r"\d{4}(\d\d)?")  # year, or year and month
NUMBER = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})")


def read_time(text: str, *, zone: tzinfo, where: str) -> datetime | None:
    """An aware moment, None for an empty field; a date alone is its first moment in `zone`."""
    text = text.strip()
    if not text:
        return None
    match = TIME.fullmatch(text)
    if match is None:
        raise Unreadable(Reason.TIME, where=where)
    part = {name: int(value) for name, value in match.groupdict(default="0").items()}
    micro = int((match["fraction"] or "").ljust(6, "0"))
    try:
        moment = datetime(
            part["year"], part["month"], part["day"], part["hour"], part["minute"],
            part["second"], micro, tzinfo=_zone(match["offset"]) or zone,
        )  # fmt: skip
        return within_reason(moment)
    except ValueError as wrong:
        raise Unreadable(Reason.TIME, where=where) from wrong


def within_reason(moment: datetime) -> datetime:
    """The moment. Raises ValueError at the ends of time, where it is none in another zone."""
    if not 1 < moment.year < 9999:
        raise ValueError("The year is out of all bounds.")
    return moment


def _zone(offset: str | None) -> tzinfo | None:
    if offset is None:
        return None
    minutes = int(offset[1:3]) * 60 + int(offset[3:])
    return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))


def read_date(text: str, *, where: str) -> date | None:
    """A day; None where the field is empty or names only a year or month."""
    text = text.strip()
    if not text or PARTIAL_DATE.fullmatch(text):
        return None
    moment = read_time(text, zone=UTC, where=where)
    return moment.date() if moment else None


def read_number(text: str) -> Decimal | None:
    """A plain decimal number, None for anything else."""
    text = text.strip()
    return Decimal(text) if NUMBER.fullmatch(text) else None
