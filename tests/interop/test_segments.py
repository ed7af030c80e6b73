"""Reading the envelope and the fields of a message."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.clock import HOSPITAL_ZONE
from interop.hl7v2.escapes import Delimiters, escape, unescape
from interop.hl7v2.profiles import CHINESE_LIS, HL7_TEXT
from interop.hl7v2.segments import Party, read, read_all, read_header
from interop.unreadable import Reason, Unreadable
from tests.interop import reading

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\r\n"))
ODD = Delimiters(field="@", component="~", repetition="&", escape="#", sub="\\", truncation="!")

NOISY = {Reason.BROKEN_LINE, Reason.CHARSET, Reason.CONTROL_CHARACTER}  # what noise can be


def refused(body: bytes) -> Reason:
    """Why the standard's reader refuses `body`."""
    with pytest.raises(Unreadable) as caught:
        read(body)
    return caught.value.reason


def outcome(body: bytes) -> str:
    """The control id of the first message in `body`, or the reason why there is none."""
    try:
        return read_all(body)[0].control_id
    except Unreadable as refusal:
        return refusal.reason


def test_the_envelope_says_who_wrote_what_and_when() -> None:
    header = reading.message("orm_new").header

    assert header.kind == "ORM^O01"
    assert header.control_id == "HIS-0001"
    assert header.sender == Party("HIS", "ZC01")
    assert header.receiver == Party("ZHENCHENG", "ZC01")
    assert header.version == "2.5.1"
    assert header.sent_at == datetime(2026, 3, 2, 8, 5, tzinfo=HOSPITAL_ZONE)


def test_a_time_with_an_offset_keeps_it() -> None:
    message = read(b"MSH|^~\\&|A|B|C|D|20260302080500.25-0330||ADT^A01|1|P|2.5")

    zone = timezone(-timedelta(hours=3, minutes=30))
    assert message.header.sent_at == datetime(2026, 3, 2, 8, 5, 0, 250_000, tzinfo=zone)


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_every_line_ending_separates_segments(end: bytes) -> None:
    message = read(reading.body("orm_new").replace(b"\r", end))

    assert [segment.name for segment in message.segments] == ["MSH", "PID", "PV1", "ORC", "OBR"]


def test_a_byte_order_mark_is_no_part_of_the_message() -> None:
    message = read(b"\xef\xbb\xbf\r\n" + reading.body("orm_new"))

    assert message.control_id == "HIS-0001"


def test_a_message_brings_its_own_separators() -> None:
    message = read(b"MSH@~&#\\@APP@FAC@@@@@ADT~A01@7@P@2.5\rPID@1@@N1~~~H#S#Q&N2@@Doe\\van~Jo")
    pid = next(message.named("PID"))

    assert message.kind == "ADT^A01"
    assert pid.texts(3) == ("N1", "N2")
    assert pid.text(3, component=4) == "H~Q"
    assert pid.text(5, sub=2) == "van"


def test_a_field_that_is_explicitly_nothing_is_empty() -> None:
    message = read(b'MSH|^~\\&|A|B|C|D|||ADT^A01|1|P|2.5\rPID|1||""|""')

    assert next(message.named("PID")).text(3) == ""


def test_fields_beyond_the_end_are_empty() -> None:
    pid = next(reading.message("orm_new").named("PID"))

    assert pid.text(30) == ""
    assert pid.text(3, component=9, sub=4) == ""


def test_gb_18030_is_read_where_a_trail_byte_looks_like_a_separator() -> None:
    message = read(reading.body("oru_chinese_lis"), profile=CHINESE_LIS)

    assert message.header.sender == Party("LIS膢", "10")
    assert message.header.codec == "gb18030"
    assert next(message.named("PID")).text(5) == "测试㛃𬱖"


def test_only_a_profile_trims_the_header() -> None:
    padded = reading.body("oru_chinese_lis")

    assert read(padded).control_id == "LIS-0003   "
    assert read(padded, profile=CHINESE_LIS).control_id == "LIS-0003"


def test_bytes_that_are_not_what_the_header_declares_are_refused() -> None:
    gb_as_utf8 = reading.body("orm_new").decode().encode("gb18030")

    assert refused(gb_as_utf8) == Reason.CHARSET
    assert refused(b"MSH|^~\\&|A|B|C|D|||ADT^A01|1|P|2.5||||||KLINGON") == Reason.CHARSET
    assert refused("MSH|^~\\&|A".encode("utf-16")) == Reason.CHARSET


def test_a_profile_may_know_better_than_msh_18() -> None:
    wrong = reading.body("orm_new").decode().encode("gb18030")
    profile = replace(HL7_TEXT, encoding="gb18030", heeds_msh18=False)

    assert next(read(wrong, profile=profile).named("PID")).text(5) == "测试"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.EMPTY),
        (b" \r\n ", Reason.EMPTY),
        (b"PID|1||7", Reason.NO_HEADER),
        (b"hello", Reason.NO_HEADER),
        (b"MSH", Reason.DELIMITERS),
        (b"MSH|", Reason.DELIMITERS),
        (b"MSH|^~|A|B", Reason.DELIMITERS),
        (b"MSH|^^^^|A|B", Reason.DELIMITERS),
        (b"MSHA^~\\&AAA", Reason.DELIMITERS),
        (b"MSH|^~\\&|A|B|C|D|||ADT^A01||P|2.5", Reason.NO_CONTROL_ID),
        (b"MSH|^~\\&|A|B|C|D||||1|P|2.5", Reason.NO_KIND),
        (b"MSH|^~\\&|A|B|C|D|||adt^a01|1|P|2.5", Reason.NO_KIND),
        (b"MSH|^~\\&|A|B|C|D|tomorrow||ADT^A01|1|P|2.5", Reason.TIME),
        (b"MSH|^~\\&|A|B|C|D|20260230||ADT^A01|1|P|2.5", Reason.TIME),
        (b"MSH|^~\\&|A|B|C|D|||ADT^A01|1\x00|P|2.5", Reason.CONTROL_CHARACTER),
        (b"MSH|^~\\&|A\x07|B|C|D|||ADT^A01|1|P|2.5", Reason.CONTROL_CHARACTER),
        (b"MSH|^~\\&|A|B|C|D|||ADT^A01|" + b"1" * 200 + b"|P|2.5", Reason.TOO_LONG),
        (b"MSH|^~\\&|A|B|C|D|||ADT^A01|1|P|2.5\rMSH|^~\\&|A|B|||||ADT^A01|2", Reason.BATCH),
    ],
)
def test_each_way_to_be_broken_has_its_reason(body: bytes, reason: Reason) -> None:
    assert refused(body) == reason


def test_a_line_that_is_no_segment_is_refused_unless_the_profile_joins_it() -> None:
    broken = reading.body("broken_line")
    joining = replace(HL7_TEXT, joins_broken_lines=True)

    assert refused(broken) == Reason.BROKEN_LINE
    assert next(read(broken, profile=joining).named("OBX")).whole(5) == "第一行\n第二行"


def test_a_batch_is_its_messages() -> None:
    batch = (
        b"FHS|^~\\&\rBHS|^~\\&\r" + reading.body("orm_new") + reading.body("orm_cancel") + b"BTS|2"
    )

    assert [message.control_id for message in read_all(batch)] == ["HIS-0001", "HIS-0002"]


def test_a_broken_message_still_says_whom_to_answer() -> None:
    header = read_header(reading.body("no_control_id"))

    assert header is not None
    assert (header.sender.application, header.control_id) == ("HIS", "")
    assert read_header(b"PID|1") is None


@given(TEXTS, st.sampled_from([Delimiters(), ODD]))
def test_what_is_escaped_comes_back(text: str, delimiters: Delimiters) -> None:
    written = escape(text, delimiters)

    assert unescape(written, delimiters) == text
    assert not set(written) & {delimiters.field, delimiters.component, "\r", "\n"}


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("a\\.br\\b", "a\nb"),
        ("a\\.sp2\\b", "a\n\nb"),
        ("a\\.sk3\\b", "a   b"),
        ("\\H\\loud\\N\\", "loud"),
        ("a\\P\\b", "a#b"),
        ("\\XE6B5\\\\X8B\\", "测"),
        ("\\XZZ\\", "\\XZZ\\"),
        ("\\X00\\", "\\X00\\"),
        ("\\Z99\\", "\\Z99\\"),
        ("\\C2842\\", "\\C2842\\"),
        ("50\\", "50\\"),
    ],
)
def test_escape_sequences_are_read_and_unknown_ones_left(written: str, means: str) -> None:
    assert unescape(written, Delimiters()) == means


@given(st.binary(max_size=200))
def test_no_bytes_at_all_break_the_reader(noise: bytes) -> None:
    body = b"MSH|^~\\&|A|B|C|D|||ORU^R01|1|P|2.5\r" + noise

    assert outcome(body) in {"1", *NOISY}
