"""The real files of six publishers: each is read, or refused with a reason; none is a surprise."""

from collections import Counter
from pathlib import Path

import hl7
import pytest

from interop.actions.receive import receive_hl7
from interop.hl7v2.orders import ORDER_KINDS, read_order
from interop.hl7v2.reports import REPORT_KINDS, read_report
from interop.hl7v2.segments import Message, read_all
from interop.models import Received
from interop.unreadable import Unreadable
from tests.make.interop import hl7_sender

pytestmark = pytest.mark.data

FILES = {
    "read": 178,
    "broken_line": 1,
    "delimiters": 6,
    "empty": 1,
    "no_control_id": 1,
    "no_header": 1,
    "no_kind": 1,
    "time": 2,
}
ORDERS = {"read": 26, "no_patient": 8, "time": 5, "detail": 2, "no_number": 1}
REPORTS = {"read": 23, "no_code": 2, "misplaced_segment": 1, "no_patient": 1, "sex": 1, "time": 1}

KEPT = {"stored": 102, "waiting": 70, "refused": 14}  # 186 bodies; publishers reuse control ids


@pytest.fixture
def files(shared_data: Path) -> list[Path]:
    """Every HL7 v2 file that is there."""
    return sorted(file for file in (shared_data / "hl7v2").rglob("*") if file.is_file())


def messages_of(file: Path) -> tuple[Message, ...]:
    """The messages of a file; none where it is refused."""
    try:
        return read_all(file.read_bytes())
    except Unreadable:
        return ()


def verdict(file: Path) -> str:
    """`read`, or the reason."""
    try:
        read_all(file.read_bytes())
    except Unreadable as refusal:
        return refusal.reason
    return "read"


def order_verdict(message: Message) -> str:
    """`read`, or the reason."""
    try:
        read_order(message)
    except Unreadable as refusal:
        return refusal.reason
    return "read"


def report_verdict(message: Message) -> str:
    """`read`, or the reason."""
    try:
        read_report(message)
    except Unreadable as refusal:
        return refusal.reason
    return "read"


def told_by_hl7(file: Path) -> list[list[str]]:
    """Segments and fields by the package `hl7`: a second reader that knows nothing of ours."""
    text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\r").replace("\n", "\r")
    lines = [line for line in text.split("\r") if line.strip()]
    return [[str(field) for field in segment] for segment in hl7.parse("\r".join(lines))]


def told_by_us(message: Message) -> list[list[str]]:
    """The same by our reader."""
    return [list(segment.fields) for segment in message.segments]


def test_every_file_is_read_or_has_a_reason(files: list[Path]) -> None:
    assert len(files) == 191
    assert Counter(verdict(file) for file in files) == FILES


def test_every_order_is_read_or_has_a_reason(files: list[Path]) -> None:
    orders = [m for file in files for m in messages_of(file) if m.kind in ORDER_KINDS]

    assert Counter(order_verdict(order) for order in orders) == ORDERS


def test_every_report_is_read_or_has_a_reason(files: list[Path]) -> None:
    reports = [m for file in files for m in messages_of(file) if m.kind in REPORT_KINDS]

    assert Counter(report_verdict(report) for report in reports) == REPORTS


def test_a_second_reader_sees_the_same_fields(files: list[Path]) -> None:
    singles = [file for file in files if len(messages_of(file)) == 1]
    plain = [file for file in singles if not file.read_bytes().startswith((b"FHS", b"BHS"))]

    different = [f.name for f in plain if told_by_us(*messages_of(f)) != told_by_hl7(f)]

    assert len(plain) == 175
    assert different == []


@pytest.mark.django_db
def test_every_file_is_kept_and_answered(files: list[Path]) -> None:
    sender = hl7_sender()
    receipts = [receive_hl7(sender=sender, body=file.read_bytes()) for file in files]

    kept = Counter(Received.objects.values_list("status", flat=True))

    assert sum(1 for receipt in receipts if receipt.answer is None) == 2  # they ask for none: NE/NE
    assert kept == KEPT
