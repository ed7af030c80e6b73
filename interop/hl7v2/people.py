"""Who a message is about."""

from dataclasses import dataclass
from datetime import date

from interop.hl7v2.profiles import IdKind, SenderProfile, Sex
from interop.hl7v2.segments import Message, Segment
from interop.hl7v2.values import read_date
from interop.unreadable import Reason, Unreadable


@dataclass(frozen=True, slots=True)
class PatientId:
    """One number of a patient, with who gave it."""

    value: str
    kind: IdKind
    authority: str


@dataclass(frozen=True, slots=True)
class PatientIds:
    """The patient as the sender knows them. Personal: never logged."""

    ids: tuple[PatientId, ...]
    name: str
    birth_on: date | None
    sex: Sex
    visit_number: str

    def number(self, kind: IdKind) -> str:
        """The first number of that kind, or empty."""
        return next((one.value for one in self.ids if one.kind == kind), "")


def only(number: PatientId) -> PatientIds:
    """A patient of whom one number is all that is told."""
    return PatientIds(ids=(number,), name="", birth_on=None, sex=Sex.UNSTATED, visit_number="")


def read_patient(message: Message, *, profile: SenderProfile) -> PatientIds:
    """The one patient of the message. Raises Unreadable."""
    people = list(message.named("PID"))
    if not people:
        raise Unreadable(Reason.NO_PATIENT)
    if len(people) > 1:
        raise Unreadable(Reason.SEVERAL_PATIENTS)
    (pid,) = people
    ids = _ids(pid, profile=profile)
    if not ids:
        raise Unreadable(Reason.NO_PATIENT, where="PID-3")
    code = pid.text(8).strip()
    if code and code not in profile.sexes:
        raise Unreadable(Reason.SEX, where="PID-8")
    family, given = pid.text(5), pid.text(5, component=2)
    visit = next(message.named("PV1"), None)
    return PatientIds(
        ids=ids,
        name=_full_name(family, given),
        birth_on=read_date(pid.text(7), where="PID-7"),
        sex=profile.sexes[code] if code else Sex.UNSTATED,
        visit_number=visit.text(19).strip() if visit else "",
    )


def _ids(pid: Segment, *, profile: SenderProfile) -> tuple[PatientId, ...]:
    rows = zip(
        pid.texts(3), pid.texts(3, component=4), pid.texts(3, component=5), strict=True
    )  # fmt: skip
    return tuple(
        PatientId(
            value=value.strip(),
            kind=profile.id_kinds.get(kind, IdKind.OTHER) if kind else profile.id_kind_when_empty,
            authority=authority,
        )
        for value, authority, kind in rows
        if value.strip()
    )


def _full_name(family: str, given: str) -> str:
    """Chinese names are written together, others with a blank."""
    gap = " " if family.isascii() and given.isascii() else ""
    return f"{family}{gap}{given}".strip()
