"""Why a message cannot be read, as a closed list of reasons."""

from enum import StrEnum


class Reason(StrEnum):
    """What is wrong with a message. The value is shown in the waiting list as `interop.<value>`."""

    EMPTY = "empty"  # nothing but blanks
    NO_HEADER = "no_header"  # does not begin with MSH
    DELIMITERS = "delimiters"  # MSH-1 or MSH-2 cannot separate anything
    CHARSET = "charset"  # unknown, contradictory, or not what the bytes are
    CONTROL_CHARACTER = "control_character"  # NUL, or any control character in the header
    BROKEN_LINE = "broken_line"  # a line that is no segment
    BATCH = "batch"  # several messages where one is expected
    NO_KIND = "no_kind"  # MSH-9 is missing or malformed
    NO_CONTROL_ID = "no_control_id"  # MSH-10 is missing
    TOO_LONG = "too_long"  # a header value longer than the standard allows
    OTHER_KIND = "other_kind"  # not the kind of message that was asked for
    MISPLACED_SEGMENT = "misplaced_segment"  # a segment without the one it belongs to
    NO_PATIENT = "no_patient"  # no PID, or no identifier in it
    SEVERAL_PATIENTS = "several_patients"  # more than one PID
    NO_ORDER = "no_order"  # no order in an order, no report in a report
    NO_NUMBER = "no_number"  # neither placer's nor filler's number
    NUMBERS_DIFFER = "numbers_differ"  # ORC and OBR name different orders
    NO_CODE = "no_code"  # neither code nor name of what is ordered or reported
    DETAIL = "detail"  # ordered by a segment we do not read
    TIME = "time"  # not a moment
    NUMBER = "number"  # typed NM and not a number
    VALUE_TYPE = "value_type"  # OBX-2 is a type we do not show
    STATUS = "status"  # a result status this sender has not agreed on
    FLAG = "flag"  # an abnormal flag this sender has not agreed on
    SEX = "sex"  # a sex code this sender has not agreed on
    JSON = "json"  # FHIR: not one JSON object in UTF-8, or a name stands twice
    RESOURCE = "resource"  # FHIR: not the type of resource that was asked for
    ELEMENT = "element"  # FHIR: an element of the wrong shape
    ELEMENT_MISSING = "element_missing"  # FHIR: an element we cannot do without
    REFERENCE = "reference"  # FHIR: points at what is not in the message
    MODIFIER = "modifier"  # FHIR: a modifier extension may turn the meaning round


class Unreadable(Exception):
    """A message that is not understood; carries a reason and a place, never content."""

    def __init__(self, reason: Reason, *, where: str = "") -> None:
        super().__init__(f"{reason} {where}".strip())
        self.reason = reason
        self.where = where  # such as "OBX-11", "line 7" or a FHIR path

    @property
    def code(self) -> str:
        """The stable code of the waiting list."""
        return f"interop.{self.reason}"
