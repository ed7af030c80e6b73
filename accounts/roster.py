"""The administrators of a hospital and one of its staff, locked together."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from accounts.errors import LastAdministrator, NotAdministrator, StaffUnknown
from accounts.models import Role, Staff, StaffChange
from common import clock
from common.commands import write
from hospitals.models import Hospital


@dataclass(frozen=True)
class Roster:
    """Who decides, while nobody else can change it. Who changes staff goes through it, one by one.

    `by` is nobody where the machine's own operator acts at the command line.
    """

    hospital: Hospital
    by: Staff | None
    rows: dict[UUID, Staff]

    @classmethod
    def locked(
        cls, *, hospital: Hospital, by: Staff | None, staff_id: UUID | None = None
    ) -> "Roster":
        """All administrators in service, and the one staff member. Raises NotAdministrator."""
        deciding = Q(role=Role.ADMINISTRATOR, ended_at=None)
        rows = Staff.objects.of_hospital(hospital.pk).filter(deciding | Q(pk=staff_id))
        locked = {row.pk: row for row in rows.locked().select_related("account")}
        roster = cls(hospital=hospital, by=by, rows=locked)
        if by is not None and by.pk not in roster.administrators:
            raise NotAdministrator
        return roster

    @property
    def administrators(self) -> set[UUID]:
        """Those in service."""
        return {
            key
            for key, row in self.rows.items()
            if row.role == Role.ADMINISTRATOR and not row.has_left
        }

    def one(self, staff_id: UUID) -> Staff:
        """The staff member. Raises StaffUnknown."""
        if staff_id not in self.rows:
            raise StaffUnknown
        return self.rows[staff_id]

    def refuse_last_administrator(self, staff: Staff) -> None:
        """Raises LastAdministrator where nobody else could decide."""
        if self.administrators == {staff.pk}:
            raise LastAdministrator

    def note(self, staff: Staff, what: StaffChange.What, *, detail: str = "") -> None:
        """Write down what was done."""
        write(
            StaffChange(
                hospital=self.hospital,
                staff=staff,
                by=self.by,
                what=what,
                detail=detail,
                at=clock.now(),
            )
        )


def note_own(staff: Staff, what: StaffChange.What) -> None:
    """Write down what somebody did about their own account."""
    write(
        StaffChange(hospital_id=staff.hospital_id, staff=staff, by=staff, what=what, at=clock.now())
    )
