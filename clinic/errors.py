"""What the directory can refuse, and why."""

from common.errors import DomainError, Kind


class DirectoryFileFaulty(DomainError):
    """A file of the directory is faulty: `faults` name line, column and reason; nothing changed."""

    code = "clinic.directory_file_faulty"
    kind = Kind.INVALID


class DirectoryEmpty(DomainError):
    """The folder holds no file of a directory."""

    code = "clinic.directory_empty"
    kind = Kind.INVALID


class DepartmentUnknown(DomainError):
    """There is no such department in this hospital."""

    code = "clinic.department_unknown"
    kind = Kind.MISSING


class AssignedAlready(DomainError):
    """The staff member works in this department already."""

    code = "clinic.assigned_already"
    kind = Kind.CONFLICT


class AssignmentUnknown(DomainError):
    """There is no such assignment in this hospital, or it is over."""

    code = "clinic.assignment_unknown"
    kind = Kind.MISSING


class AssignmentTimesWrong(DomainError):
    """An assignment ends after it begins and not in the past; a stand-in has an end, soon."""

    code = "clinic.assignment_times_wrong"
    kind = Kind.INVALID


class StandInRefused(DomainError):
    """One stands in for a colleague of the same role who is in service, not for oneself."""

    code = "clinic.stand_in_refused"
    kind = Kind.INVALID
