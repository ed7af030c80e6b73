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
