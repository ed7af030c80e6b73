"""What a laboratory or an examination room found (报告)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from interop.hl7v2.orders import coded
from interop.hl7v2.people import PatientIds, read_patient
from interop.hl7v2.profiles import HL7_TEXT, Flag, ResultStatus, SenderProfile
from interop.hl7v2.segments import Header, Message, Segment
from interop.hl7v2.values import read_number, read_time
from interop.unreadable import Reason, Unreadable

REPORT_KINDS = frozenset({"ORU^R01"})
RUNNING_TEXT = frozenset({"ST", "TX", "FT", "DT", "TM", "TS", "DTM", "XTN", "SI", "ID", "IS"})
CODED = frozenset({"CE", "CWE", "CNE", "CF"})


@dataclass(frozen=True, slots=True)
class Observation:
    """One line of a report. Personal: never logged."""

    position: int  # 1 for the first of its report, by OBX-1 where that is a number
    code: str
    name: str
    system: str
    sub_id: str
    value_type: str
    value: str  # as shown; may be empty
    number: Decimal | None
    unit: str
    reference: str  # as sent; never recomputed
    flags: tuple[Flag, ...]
    status: ResultStatus | None  # None: the sender does not say
    observed_at: datetime | None
    is_of_specimen: bool  # describes the specimen, not the patient
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One order's results."""

    placer_number: str
    filler_number: str
    code: str
    name: str
    system: str
    status: ResultStatus | None
    observed_at: datetime | None
    released_at: datetime | None
    specimen_barcode: str
    observations: tuple[Observation, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportMessage:
    """Reports about one patient."""

    header: Header
    patient: PatientIds
    reports: tuple[Report, ...]


@dataclass(slots=True)
class _Found:
    """An OBX with the notes and the specimen it follows."""

    segment: Segment
    follows_specimen: bool
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Filed:
    """The segments of one report."""

    request: Segment
    control: Segment | None
    barcode: str = ""
    has_specimen: bool = False
    found: list[_Found] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_report(message: Message, *, profile: SenderProfile = HL7_TEXT) -> ReportMessage:
    """The reports of the message, at least one. Raises Unreadable."""
    if message.kind not in REPORT_KINDS:
        raise Unreadable(Reason.OTHER_KIND, where="MSH-9")
    patient = read_patient(message, profile=profile)
    reports = tuple(_report(filed, profile=profile) for filed in _filed(message, profile=profile))
    if not reports:
        raise Unreadable(Reason.NO_ORDER)
    return ReportMessage(header=message.header, patient=patient, reports=reports)


def _filed(message: Message, *, profile: SenderProfile) -> Iterator[_Filed]:
    """An OBR begins a report; an ORC before it may carry its numbers."""
    control: Segment | None = None
    filed: _Filed | None = None
    for segment in message.segments:
        if segment.name == "ORC":
            control = segment
        elif segment.name == "OBR":
            if filed:
                yield filed
            filed, control = _Filed(request=segment, control=control), None
        elif filed is not None:
            _add(filed, segment, profile=profile)
        elif segment.name == "OBX":
            raise Unreadable(Reason.MISPLACED_SEGMENT, where="OBX")
    if filed:
        yield filed


def _add(filed: _Filed, segment: Segment, *, profile: SenderProfile) -> None:
    if segment.name == "OBX":
        filed.found.append(_Found(segment=segment, follows_specimen=filed.has_specimen))
    elif segment.name == "NTE":
        notes = filed.found[-1].notes if filed.found else filed.notes
        notes.append(segment.whole(3))
    elif segment.name == "SPM":
        filed.has_specimen = True
    if segment.name == profile.specimen_barcode.segment:
        filed.barcode = filed.barcode or segment.at(profile.specimen_barcode).strip()


def _report(filed: _Filed, *, profile: SenderProfile) -> Report:
    obr, orc = filed.request, filed.control
    placer = obr.text(2).strip() or (orc.text(2).strip() if orc else "")
    filler = obr.text(3).strip() or (orc.text(3).strip() if orc else "")
    if not (placer or filler or filed.barcode):
        raise Unreadable(Reason.NO_NUMBER, where="OBR-3")
    code, name, system = coded(obr, 4)
    return Report(
        placer_number=placer,
        filler_number=filler,
        code=code,
        name=name,
        system=system,
        status=_status(obr, 25, profile=profile),
        observed_at=read_time(obr.text(7), zone=profile.zone, where="OBR-7"),
        released_at=read_time(obr.text(22), zone=profile.zone, where="OBR-22"),
        specimen_barcode=filed.barcode,
        observations=tuple(
            _observation(found, ordinal=n, profile=profile)
            for n, found in enumerate(filed.found, start=1)
        ),
        notes=tuple(filed.notes),
    )


def _observation(found: _Found, *, ordinal: int, profile: SenderProfile) -> Observation:
    obx = found.segment
    code, name, system = coded(obx, 3)
    set_id = obx.text(1).strip()
    value_type = obx.text(2).strip()
    value = _value(obx, value_type)
    number = read_number(value) if value_type in profile.number_types else None
    if value_type == "NM" and value and number is None:
        raise Unreadable(Reason.NUMBER, where=f"OBX-5 of {ordinal}")
    after = not profile.observations_after_specimen_are_results
    return Observation(
        position=int(set_id) - profile.first_set_id + 1 if set_id.isdecimal() else ordinal,
        code=code,
        name=name,
        system=system,
        sub_id=obx.raw(4),
        value_type=value_type,
        value=value,
        number=number,
        unit=obx.at(profile.unit).strip(),
        reference=obx.whole(7).strip(),
        flags=_flags(obx, profile=profile),
        status=_status(obx, 11, profile=profile),
        observed_at=read_time(obx.text(14), zone=profile.zone, where="OBX-14"),
        is_of_specimen=found.follows_specimen and after,
        notes=tuple(found.notes),
    )


def _value(obx: Segment, value_type: str) -> str:
    """OBX-5 as a reader sees it."""
    if not obx.raw(5):
        return ""
    if value_type == "NM":
        return obx.whole(5).strip()
    if value_type in RUNNING_TEXT:
        return obx.whole(5)
    if value_type == "SN":  # comparator, number, separator, number
        return "".join(obx.text(5, component=n) for n in (1, 2, 3, 4))
    if value_type in CODED:
        texts, codes = obx.texts(5, component=2), obx.texts(5)
        originals = obx.texts(5, component=9)
        rows = zip(texts, originals, codes, strict=True)
        return "\n".join(text or original or code for text, original, code in rows)
    raise Unreadable(Reason.VALUE_TYPE, where="OBX-2")


def _status(segment: Segment, number: int, *, profile: SenderProfile) -> ResultStatus | None:
    code = segment.text(number).strip()
    if not code:
        return None
    if code not in profile.statuses:
        raise Unreadable(Reason.STATUS, where=f"{segment.name}-{number}")
    return profile.statuses[code]


def _flags(obx: Segment, *, profile: SenderProfile) -> tuple[Flag, ...]:
    codes = [code.strip() for code in obx.texts(8) if code.strip()]
    if any(code not in profile.flags for code in codes):
        raise Unreadable(Reason.FLAG, where="OBX-8")
    return tuple(profile.flags[code] for code in codes)
