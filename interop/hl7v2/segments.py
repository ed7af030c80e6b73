"""A message as the sender wrote it: header, segments, fields."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from interop.hl7v2.charsets import decode
from interop.hl7v2.escapes import INVISIBLE, Delimiters, unescape
from interop.hl7v2.profiles import HL7_TEXT, Place, SenderProfile
from interop.hl7v2.values import read_time
from interop.unreadable import Reason, Unreadable

ENVELOPES = frozenset({"FHS", "BHS", "BTS", "FTS"})  # around messages, in files
LINE_END = re.compile(r"\r\n|\r|\n")
NAME = re.compile(r"[A-Z][A-Z0-9]{2}")
KIND = re.compile(r"[A-Z][A-Z0-9]{2}(\^[A-Z0-9]{3})?")
LONGEST = 199  # MSH-10 since 2.7; other versions allow 20
NULL = '""'  # "delete what you have": says that there is no value


@dataclass(frozen=True, slots=True)
class Segment:
    """One line. `fields[n]` is field n of the standard; `fields[0]` is the name."""

    fields: tuple[str, ...]
    delimiters: Delimiters
    codec: str

    @property
    def name(self) -> str:
        """Such as "OBX"."""
        return self.fields[0]

    def raw(self, field: int) -> str:
        """The field as it is written; empty where the line is shorter."""
        return self.fields[field] if field < len(self.fields) else ""

    def text(self, field: int, *, component: int = 1, sub: int = 1) -> str:
        """One value of the field's first repetition."""
        return self.texts(field, component=component, sub=sub)[0]

    def texts(self, field: int, *, component: int = 1, sub: int = 1) -> tuple[str, ...]:
        """The same value of each repetition; at least one."""
        repeats = self.raw(field).split(self.delimiters.repetition)
        return tuple(
            self._plain(self._part(repeat, component=component, sub=sub)) for repeat in repeats
        )

    def at(self, place: Place) -> str:
        """The value at `place`."""
        return self.text(place.field, component=place.component, sub=place.sub)

    def whole(self, field: int) -> str:
        """Running text: separators that the sender forgot to escape stay, repetitions are lines."""
        repeats = self.raw(field).split(self.delimiters.repetition)
        return "\n".join(self._plain(repeat) for repeat in repeats)

    def _part(self, repeat: str, *, component: int, sub: int) -> str:
        inside = _cut(repeat, self.delimiters.component, number=component)
        return _cut(inside, self.delimiters.sub, number=sub)

    def _plain(self, text: str) -> str:
        return "" if text == NULL else unescape(text, self.delimiters, codec=self.codec)


def _cut(text: str, separator: str, *, number: int) -> str:
    parts = text.split(separator, number)
    return parts[number - 1] if len(parts) >= number else ""


@dataclass(frozen=True, slots=True)
class Party:
    """A system, as MSH names it."""

    application: str
    facility: str


@dataclass(frozen=True, slots=True)
class Header:
    """The envelope: what is needed to answer, whatever the message says."""

    kind: str  # "ORM^O01", or "ACK"
    control_id: str
    sender: Party
    receiver: Party
    sent_at: datetime | None
    version: str
    processing_id: str
    accept_when: str  # MSH-15: AL, NE, ER, SU or empty
    answer_when: str  # MSH-16
    charset: str  # MSH-18 as declared
    codec: str
    delimiters: Delimiters


@dataclass(frozen=True, slots=True)
class Message:
    """One message with its segments in the order of arrival, MSH first."""

    header: Header
    segments: tuple[Segment, ...]

    @property
    def kind(self) -> str:
        """Such as "ORU^R01"."""
        return self.header.kind

    @property
    def control_id(self) -> str:
        """The sender's own number of this message."""
        return self.header.control_id

    def named(self, name: str) -> Iterator[Segment]:
        """Every segment of that name."""
        return (segment for segment in self.segments if segment.name == name)


def read(body: bytes, *, profile: SenderProfile = HL7_TEXT) -> Message:
    """The one message in `body`. Raises Unreadable."""
    messages = read_all(body, profile=profile)
    if len(messages) > 1:
        raise Unreadable(Reason.BATCH)
    return messages[0]


def read_all(body: bytes, *, profile: SenderProfile = HL7_TEXT) -> tuple[Message, ...]:
    """Every message of a file, batch envelopes left out; at least one. Raises Unreadable."""
    text, codec = decode(body, profile=profile)
    if not text:
        raise Unreadable(Reason.EMPTY)
    groups = _grouped(LINE_END.split(text), profile=profile)
    return tuple(_message(lines, codec=codec, profile=profile) for lines in groups)


def read_header(body: bytes, *, profile: SenderProfile = HL7_TEXT) -> Header | None:
    """As much of the header as can answer a broken message; None where not even that."""
    try:
        text, codec = decode(body, profile=profile)
        first = LINE_END.split(text, maxsplit=1)[0]
        segment = _segment(first, Delimiters.of(first), codec=codec, profile=profile)
    except Unreadable:
        return None
    return None if segment.name != "MSH" else _header(segment, sent_at=None)


def _grouped(lines: Sequence[str], *, profile: SenderProfile) -> list[list[str]]:
    """The lines of each message, broken ones joined where the profile says so."""
    groups: list[list[str]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line[:3] in ENVELOPES:
            continue
        if line[:3] == "MSH":
            groups.append([line])
        elif not groups:
            raise Unreadable(Reason.NO_HEADER, where=f"line {number}")
        elif _is_segment(line, header=groups[-1][0]):
            groups[-1].append(line)
        elif profile.joins_broken_lines:
            groups[-1][-1] += "\n" + line
        else:
            raise Unreadable(Reason.BROKEN_LINE, where=f"line {number}")
    if not groups:
        raise Unreadable(Reason.NO_HEADER)
    return groups


def _is_segment(line: str, *, header: str) -> bool:
    return bool(NAME.fullmatch(line[:3])) and line[3:4] in {header[3:4], ""}


def _message(lines: Sequence[str], *, codec: str, profile: SenderProfile) -> Message:
    delimiters = Delimiters.of(lines[0])
    segments = tuple(
        _segment(line, delimiters, codec=codec, profile=profile) for line in lines
    )  # fmt: skip
    sent_at = read_time(segments[0].text(7), zone=profile.zone, where="MSH-7")
    header = _header(segments[0], sent_at=sent_at)
    _refuse_broken(header)
    return Message(header=header, segments=segments)


def _segment(
    line: str, delimiters: Delimiters, *, codec: str, profile: SenderProfile
) -> Segment:  # fmt: skip
    fields = line.split(delimiters.field)
    if fields[0] == "MSH":
        fields.insert(1, delimiters.field)
        if profile.trims_header:
            fields = [field.strip() for field in fields]
    return Segment(fields=tuple(fields), delimiters=delimiters, codec=codec)


def _header(msh: Segment, *, sent_at: datetime | None) -> Header:
    family, event = msh.text(9), msh.text(9, component=2)
    return Header(
        kind=f"{family}^{event}" if event else family,
        control_id=msh.text(10),
        sender=Party(msh.text(3), msh.text(4)),
        receiver=Party(msh.text(5), msh.text(6)),
        sent_at=sent_at,
        version=msh.text(12),
        processing_id=msh.text(11),
        accept_when=msh.text(15).strip(),
        answer_when=msh.text(16).strip(),
        charset=msh.text(18),
        codec=msh.codec,
        delimiters=msh.delimiters,
    )


def _refuse_broken(header: Header) -> None:
    if not KIND.fullmatch(header.kind):
        raise Unreadable(Reason.NO_KIND, where="MSH-9")
    if not header.control_id.strip():
        raise Unreadable(Reason.NO_CONTROL_ID, where="MSH-10")
    values = {
        "MSH-3": header.sender.application,
        "MSH-4": header.sender.facility,
        "MSH-5": header.receiver.application,
        "MSH-6": header.receiver.facility,
        "MSH-10": header.control_id,
        "MSH-11": header.processing_id,
        "MSH-12": header.version,
    }
    for where, value in values.items():
        if len(value) > LONGEST:
            raise Unreadable(Reason.TOO_LONG, where=where)
        if INVISIBLE.search(value) or "\n" in value or "\r" in value:
            raise Unreadable(Reason.CONTROL_CHARACTER, where=where)
