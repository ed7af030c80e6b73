"""What we answer a sender: a message is stored, faulty, or cannot be taken.

Original mode: MSA-1 is AA, AE or AR. Enhanced mode (MSH-15 or MSH-16 is given): the answer is
CA, CE or CR if MSH-15 asks for it, else AA, AE or AR if MSH-16 does, else nothing. Either way
"accepted" means stored for good; whether it could be applied is seen in the waiting list.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from types import MappingProxyType

from interop.hl7v2.escapes import Delimiters, escape
from interop.hl7v2.segments import Header, Party
from interop.unreadable import Reason, Unreadable


class Outcome(Enum):
    """The second letter of MSA-1."""

    STORED = "A"
    FAULTY = "E"  # stored as evidence; sending it again as it is will not help
    NOT_TAKEN = "R"  # not stored, or nobody here takes it


ERROR_CODES: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.NO_HEADER: "100",
        Reason.MISPLACED_SEGMENT: "100",
        Reason.BATCH: "100",
        Reason.NO_KIND: "101",
        Reason.NO_CONTROL_ID: "101",
        Reason.NO_PATIENT: "101",
        Reason.NO_CODE: "101",
        Reason.NO_NUMBER: "101",
        Reason.STATUS: "103",
        Reason.FLAG: "103",
        Reason.SEX: "103",
        Reason.VALUE_TYPE: "103",
        Reason.OTHER_KIND: "200",
    }
)  # HL7 table 0357
DATA_TYPE_ERROR = "102"  # of every other reason
INTERNAL_ERROR = "207"
NOBODY = Header(
    kind="ACK",
    control_id="",
    sender=Party("", ""),
    receiver=Party("", ""),
    sent_at=None,
    version="2.5.1",
    processing_id="P",
    accept_when="",
    answer_when="",
    charset="",
    codec="utf-8",
    delimiters=Delimiters(),
)  # answers what has no readable header


def answer(
    header: Header | None,
    outcome: Outcome,
    *,
    control_id: str,
    at: datetime,
    trouble: Unreadable | None = None,
) -> bytes | None:
    """The acknowledgement of a message, or None where its sender wants none.

    `control_id` is the answer's own number; `at` is shown in the zone it carries.
    """
    asked = header or NOBODY
    code = _code(asked, outcome)
    if code is None:
        return None
    return _joined(
        asked,
        [
            _msh(asked, control_id=control_id, at=at),
            ["MSA", code, _plain(asked, asked.control_id)],
            *([_err(asked, trouble)] if outcome is not Outcome.STORED else []),
        ],
    )


def _code(header: Header, outcome: Outcome) -> str | None:
    if not header.accept_when and not header.answer_when:
        return f"A{outcome.value}"
    if _is_wanted(header.accept_when, outcome):
        return f"C{outcome.value}"
    if _is_wanted(header.answer_when, outcome):
        return f"A{outcome.value}"
    return None


def _is_wanted(condition: str, outcome: Outcome) -> bool:
    """HL7 table 0155; in enhanced mode an empty field means never."""
    if condition in {"", "NE"}:
        return False
    is_good = outcome is Outcome.STORED
    return {"SU": is_good, "ER": not is_good}.get(condition, True)


def _plain(header: Header, value: str) -> str:
    return escape(value, header.delimiters)


def _msh(header: Header, *, control_id: str, at: datetime) -> list[str]:
    """Ours to theirs, in their version, separators and character set."""
    delimiters = header.delimiters
    event = header.kind.partition("^")[2]
    kind = delimiters.component.join(["ACK", event, "ACK"] if event else ["ACK"])
    if event and _is_before(header.version, "2.3.1"):
        kind = delimiters.component.join(["ACK", event])
    values = [
        header.receiver.application,
        header.receiver.facility,
        header.sender.application,
        header.sender.facility,
    ]
    return [
        "MSH",
        delimiters.codes,
        *(_plain(header, value) for value in values),
        at.strftime("%Y%m%d%H%M%S%z"),
        "",
        kind,
        _plain(header, control_id),
        _plain(header, header.processing_id or "P"),
        _plain(header, header.version),
        *["", "", "", "", ""],
        _plain(header, header.charset),
    ]


def _err(header: Header, trouble: Unreadable | None) -> list[str]:
    """Since 2.5 the code stands in ERR-3; before, as the fourth component of ERR-1."""
    code = ERROR_CODES.get(trouble.reason, DATA_TYPE_ERROR) if trouble else INTERNAL_ERROR
    text = trouble.code if trouble else "interop.not_stored"
    delimiters = header.delimiters
    coded = [code, _plain(header, text), "HL70357"]
    if _is_before(header.version, "2.5"):
        return ["ERR", delimiters.component.join(["", "", "", delimiters.sub.join(coded)])]
    return ["ERR", "", "", delimiters.component.join(coded), "E"]


def _is_before(version: str, other: str) -> bool:
    """False for a version that cannot be read: the newest form is answered."""
    parts = version.split(".")
    if not all(part.isdecimal() for part in parts):
        return False
    return [int(part) for part in parts] < [int(part) for part in other.split(".")]


def _joined(header: Header, segments: list[list[str]]) -> bytes:
    separator = header.delimiters.field
    text = "".join(separator.join(fields).rstrip(separator) + "\r" for fields in segments)
    return text.encode(header.codec, errors="replace")
