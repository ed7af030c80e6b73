"""What the hospital system asks to be done (申请, 医嘱)."""

from dataclasses import dataclass
from datetime import datetime

from interop.hl7v2.people import PatientIds, read_patient
from interop.hl7v2.profiles import HL7_TEXT, SenderProfile
from interop.hl7v2.segments import Header, Message, Segment
from interop.hl7v2.values import read_time
from interop.unreadable import Reason, Unreadable

ORDER_KINDS = frozenset({"ORM^O01", "OML^O21"})
CODED_IN = {"OBR": 4, "RXO": 1}  # the field that says what is ordered
UNREAD_DETAILS = frozenset({"RQD", "RQ1", "ODS", "ODT", "RXE", "BPO"})  # supplies, diets, blood
PLACER, FILLER = 2, 3  # the same fields in ORC and in OBR


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One thing to be done, or no longer to be done."""

    control: str  # ORC-1: NW new, CA cancel, XO change, ...
    placer_number: str  # the asking system's number
    filler_number: str  # the performing system's number, if it has one
    code: str
    name: str
    system: str
    priority: str  # S at once, A soon, R routine, as sent
    requested_at: datetime | None
    ordered_by: str  # the doctor's code
    specimen_barcode: str


@dataclass(frozen=True, slots=True)
class OrderMessage:
    """Orders for one patient."""

    header: Header
    patient: PatientIds
    lines: tuple[OrderLine, ...]


@dataclass(slots=True)
class _Asked:
    """The segments of one order."""

    control: Segment
    detail: Segment
    priority: str = ""
    barcode: str = ""


def read_order(message: Message, *, profile: SenderProfile = HL7_TEXT) -> OrderMessage:
    """The orders of the message, at least one. Raises Unreadable."""
    if message.kind not in ORDER_KINDS:
        raise Unreadable(Reason.OTHER_KIND, where="MSH-9")
    patient = read_patient(message, profile=profile)
    lines = tuple(_line(asked, profile=profile) for asked in _asked(message, profile=profile))
    if not lines:
        raise Unreadable(Reason.NO_ORDER)
    return OrderMessage(header=message.header, patient=patient, lines=lines)


def _asked(message: Message, *, profile: SenderProfile) -> list[_Asked]:
    """An ORC begins an order; each detail after it is one thing to do."""
    asked: list[_Asked] = []
    control: Segment | None = None
    has_detail = True
    urgency = ""  # TQ1 may stand before the detail that it times
    for segment in message.segments:
        if segment.name in UNREAD_DETAILS:
            raise Unreadable(Reason.DETAIL, where=segment.name)
        if segment.name == "ORC":
            _refuse_empty(has_detail=has_detail)
            control, has_detail, urgency = segment, False, ""
        elif segment.name in CODED_IN:
            if control is None:
                raise Unreadable(Reason.MISPLACED_SEGMENT, where=segment.name)
            asked.append(_Asked(control=control, detail=segment, priority=urgency))
            has_detail = True
        elif segment.name == "TQ1" and not has_detail:
            urgency = segment.text(9)
        elif asked and has_detail:
            _add(asked[-1], segment, profile=profile)
    _refuse_empty(has_detail=has_detail)
    return asked


def _refuse_empty(*, has_detail: bool) -> None:
    if not has_detail:
        raise Unreadable(Reason.NO_ORDER, where="ORC")


def _add(asked: _Asked, segment: Segment, *, profile: SenderProfile) -> None:
    if segment.name == "TQ1":
        asked.priority = asked.priority or segment.text(9)
    if segment.name == profile.specimen_barcode.segment:
        asked.barcode = asked.barcode or segment.at(profile.specimen_barcode)


def _line(asked: _Asked, *, profile: SenderProfile) -> OrderLine:
    control, detail = asked.control, asked.detail
    code, name, system = coded(detail, CODED_IN[detail.name])
    is_test = detail.name == "OBR"
    placer = _number(control, detail if is_test else None, field=PLACER)
    filler = _number(control, detail if is_test else None, field=FILLER)
    if not placer and not filler:
        raise Unreadable(Reason.NO_NUMBER, where="ORC-2")
    wanted = control.text(9) or (detail.text(6) if is_test else "")
    old_priority = (detail.text(5) or detail.text(27, component=6)) if is_test else ""
    return OrderLine(
        control=control.text(1).strip(),
        placer_number=placer,
        filler_number=filler,
        code=code,
        name=name,
        system=system,
        priority=asked.priority or control.text(7, component=6) or old_priority,
        requested_at=read_time(wanted, zone=profile.zone, where="ORC-9"),
        ordered_by=control.text(12) or (detail.text(16) if is_test else ""),
        specimen_barcode=asked.barcode.strip(),
    )


def coded(segment: Segment, field: int) -> tuple[str, str, str]:
    """Code, name and coding system; the alternate triple where the first is empty."""
    for first in (1, 4):
        code, name, system = (
            segment.text(field, component=first + n).strip() for n in range(3)
        )  # fmt: skip
        if code or name:
            return code, name, system
    raise Unreadable(Reason.NO_CODE, where=f"{segment.name}-{field}")


def _number(control: Segment, detail: Segment | None, *, field: int) -> str:
    """ORC and OBR carry the same number, or one of them carries it."""
    outer = control.text(field).strip()
    inner = detail.text(field).strip() if detail else ""
    if outer and inner and outer != inner:
        raise Unreadable(Reason.NUMBERS_DIFFER, where=f"ORC-{field}")
    return outer or inner
