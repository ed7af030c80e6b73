"""What orders and reports say, by the standard's text and by a Chinese laboratory's habits."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from interop.hl7v2.orders import OrderLine, read_order
from interop.hl7v2.people import PatientId
from interop.hl7v2.profiles import CHINESE_LIS, HL7_TEXT, Flag, IdKind, ResultStatus, Sex
from interop.hl7v2.reports import read_report
from interop.hl7v2.segments import read
from interop.unreadable import Reason, Unreadable
from tests.interop import reading

HEAD = b"MSH|^~\\&|A|B|C|D|||%s|1|P|2.5\r"
PERSON = b"PID|1||P1^^^ZC^MR\r"


def refused_order(*lines: bytes) -> Unreadable:
    """The refusal of an ORM with these lines."""
    with pytest.raises(Unreadable) as caught:
        read_order(read(HEAD % b"ORM^O01" + b"\r".join(lines)))
    return caught.value


def refused_report(*lines: bytes) -> Unreadable:
    """The refusal of an ORU with these lines."""
    with pytest.raises(Unreadable) as caught:
        read_report(read(HEAD % b"ORU^R01" + b"\r".join(lines)))
    return caught.value


def test_an_order_says_who_wants_what_for_whom() -> None:
    order = read_order(reading.message("orm_new"))

    assert order.patient.number(IdKind.PATIENT_NUMBER) == "P000123"
    assert order.patient.number(IdKind.RESIDENT_ID) == "110101199003074258"
    assert (order.patient.name, order.patient.birth_on) == ("测试甲", date(1990, 3, 7))
    assert (order.patient.sex, order.patient.visit_number) == (Sex.MALE, "V20260302001")
    assert order.lines == (
        OrderLine(
            control="NW",
            placer_number="A-1001",
            filler_number="",
            code="250101",
            name="血常规",
            system="99ZC",
            priority="R",
            requested_at=datetime(2026, 3, 2, 0, 4, tzinfo=UTC),
            ordered_by="D0007",
            specimen_barcode="",
        ),
    )


def test_a_cancelled_order_says_so() -> None:
    (line,) = read_order(reading.message("orm_cancel")).lines

    assert (line.control, line.placer_number) == ("CA", "A-1001")


def test_each_order_of_a_message_keeps_its_own_specimen_and_priority() -> None:
    lines = read_order(reading.message("oml_two")).lines

    assert [(one.code, one.specimen_barcode, one.priority) for one in lines] == [
        ("250301", "S-9001", "S"),
        ("250302", "S-9002", ""),
    ]


def test_a_report_says_what_was_found() -> None:
    (report,) = read_report(reading.message("oru_final")).reports

    assert (report.placer_number, report.filler_number) == ("A-1001", "L-7001")
    assert (report.status, report.specimen_barcode) == (ResultStatus.FINAL, "S-9001")
    assert report.released_at == datetime(2026, 3, 2, 1, 29, tzinfo=UTC)
    assert report.notes == ("标本无溶血",)
    assert [(one.position, one.value, one.number) for one in report.observations] == [
        (1, "11.2", Decimal("11.2")),
        (2, "142", Decimal(142)),
        (3, "未见异常", None),
        (4, ">1000", None),
    ]


def test_a_line_of_a_report_keeps_unit_reference_flag_and_note() -> None:
    (report,) = read_report(reading.message("oru_final")).reports
    white_cells = report.observations[0]

    assert (white_cells.code, white_cells.name) == ("WBC", "白细胞计数")
    assert (white_cells.unit, white_cells.reference) == ("10^9/L", "3.5-9.5")
    assert (white_cells.flags, white_cells.status) == ((Flag.HIGH,), ResultStatus.FINAL)
    assert white_cells.notes == ("已复核",)


def test_a_corrected_report_says_so() -> None:
    (report,) = read_report(reading.message("oru_corrected")).reports

    assert report.status == ResultStatus.CORRECTED
    assert report.observations[0].status == ResultStatus.CORRECTED


def test_a_chinese_laboratory_is_read_by_its_profile() -> None:
    message = read(reading.body("oru_chinese_lis"), profile=CHINESE_LIS)
    told = read_report(message, profile=CHINESE_LIS)
    (report,) = told.reports

    assert told.patient.ids == (
        PatientId("P000123", IdKind.PATIENT_NUMBER, ""),
        PatientId("110101199003074258", IdKind.RESIDENT_ID, ""),
    )
    assert told.patient.sex == Sex.MALE
    assert (report.status, report.specimen_barcode) == (ResultStatus.FINAL, "S-9001")
    assert [
        (one.position, one.value, one.number, one.unit, one.flags, one.is_of_specimen)
        for one in report.observations
    ] == [
        (1, "57.50", Decimal("57.50"), "U/L", (Flag.HIGH,), False),
        (2, "阴性（-）", None, "", (Flag.NEGATIVE,), False),
        (3, "弱阳性", None, "", (Flag.WEAKLY_POSITIVE,), False),
        (4, "", None, "", (), False),
    ]


def test_the_same_feed_is_not_guessed_at_without_its_profile() -> None:
    message = read(reading.body("oru_chinese_lis"))

    with pytest.raises(Unreadable) as caught:
        read_report(message)

    assert (caught.value.reason, caught.value.where) == (Reason.SEX, "PID-8")


def test_a_status_nobody_agreed_on_is_refused() -> None:
    message = reading.message("unknown_status")

    with pytest.raises(Unreadable) as caught:
        read_report(message)

    assert (caught.value.code, caught.value.where) == ("interop.status", "OBX-11")


def test_what_describes_the_specimen_is_no_result_of_the_patient() -> None:
    body = (
        HEAD % b"ORU^R01" + PERSON + b"OBR|1|A1||T^Test\rSPM|1|S1\rOBX|1|ST|V^Volume||3 mL||||||F"
    )

    by_text = read_report(read(body)).reports[0]
    by_habit = read_report(
        read(body), profile=replace(HL7_TEXT, observations_after_specimen_are_results=True)
    ).reports[0]

    assert by_text.observations[0].is_of_specimen
    assert not by_habit.observations[0].is_of_specimen


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([b"ORC|NW|A1", b"OBR|1|A1||T^Test"], Reason.NO_PATIENT),
        ([b"PID|1||", b"ORC|NW|A1", b"OBR|1|A1||T^Test"], Reason.NO_PATIENT),
        ([PERSON, PERSON, b"ORC|NW|A1", b"OBR|1|A1||T^Test"], Reason.SEVERAL_PATIENTS),
        ([PERSON], Reason.NO_ORDER),
        ([PERSON, b"ORC|NW|A1"], Reason.NO_ORDER),
        ([PERSON, b"ORC|NW|A1", b"ORC|NW|A2", b"OBR|1|A2||T^Test"], Reason.NO_ORDER),
        ([PERSON, b"OBR|1|A1||T^Test"], Reason.MISPLACED_SEGMENT),
        ([PERSON, b"ORC|NW", b"OBR|1|||T^Test"], Reason.NO_NUMBER),
        ([PERSON, b"ORC|NW|A1", b"OBR|1|A2||T^Test"], Reason.NUMBERS_DIFFER),
        ([PERSON, b"ORC|NW|A1", b"OBR|1|A1"], Reason.NO_CODE),
        ([PERSON, b"ORC|NW|A1", b"RQD|1|X"], Reason.DETAIL),
        ([b"PID|1||P1|||||male", b"ORC|NW|A1", b"OBR|1|A1||T"], Reason.SEX),
        ([b"PID|1||P1||||May 1", b"ORC|NW|A1", b"OBR|1|A1||T"], Reason.TIME),
    ],
)
def test_an_order_that_is_not_whole_is_refused(lines: list[bytes], reason: Reason) -> None:
    assert refused_order(*lines).reason == reason


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([PERSON], Reason.NO_ORDER),
        ([PERSON, b"OBX|1|NM|G^Glucose||5"], Reason.MISPLACED_SEGMENT),
        ([PERSON, b"OBR|1|||T^Test"], Reason.NO_NUMBER),
        ([PERSON, b"OBR|1|A1||T", b"OBX|1|NM|G||a lot||||||F"], Reason.NUMBER),
        ([PERSON, b"OBR|1|A1||T", b"OBX|1|NM|G||1~2||||||F"], Reason.NUMBER),
        ([PERSON, b"OBR|1|A1||T", b"OBX|1|ED|G||^^^Base64^AA==||||||F"], Reason.VALUE_TYPE),
        ([PERSON, b"OBR|1|A1||T", b"OBX|1||G||5||||||F"], Reason.VALUE_TYPE),
        ([PERSON, b"OBR|1|A1||T", b"OBX|1|NM|||5||||||F"], Reason.NO_CODE),
        ([PERSON, b"OBR|1|A1||T", b"OBX|1|NM|G||5|||?|||F"], Reason.FLAG),
        ([PERSON, b"OBR|1|A1||T", b"OBX|1|NM|G||5||||||F|||soon"], Reason.TIME),
    ],
)
def test_a_report_that_is_not_whole_is_refused(lines: list[bytes], reason: Reason) -> None:
    assert refused_report(*lines).reason == reason


def test_a_refusal_carries_no_content() -> None:
    refusal = refused_report(PERSON, b"OBR|1|A1||T", b"OBX|1|NM|G||secret value||||||F")

    assert "secret" not in str(refusal)


def test_orders_and_reports_are_not_mistaken_for_each_other() -> None:
    with pytest.raises(Unreadable) as as_report:
        read_report(reading.message("orm_new"))
    with pytest.raises(Unreadable) as as_order:
        read_order(reading.message("oru_final"))

    assert as_report.value.reason == Reason.OTHER_KIND
    assert as_order.value.reason == Reason.OTHER_KIND
