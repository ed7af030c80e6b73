"""What a sender is answered, in either mode and in its own version and character set."""

from datetime import datetime

import hl7
import pytest

from common.clock import HOSPITAL_ZONE
from interop.hl7v2.acknowledge import Outcome, answer
from interop.hl7v2.segments import read, read_header
from interop.unreadable import Reason, Unreadable
from tests.interop import reading

AT = datetime(2026, 3, 2, 8, 5, 1, tzinfo=HOSPITAL_ZONE)
MODES = "MSH|^~\\&|A|B|C|D|||ORU^R01|7|P|2.5.1|||{accept}|{answer}"


def answered(body: bytes, outcome: Outcome, trouble: Unreadable | None = None) -> bytes | None:
    """Our answer to `body`."""
    return answer(read_header(body), outcome, control_id="OURS-1", at=AT, trouble=trouble)


def code(accept: str, wanted: str, outcome: Outcome) -> str | None:
    """MSA-1 for a message with this MSH-15 and MSH-16, or None where nothing is said."""
    told = answered(MODES.format(accept=accept, answer=wanted).encode(), outcome)
    return None if told is None else str(hl7.parse(told)["MSA.F1"])


def test_a_stored_message_is_accepted_under_its_own_number() -> None:
    told = answered(reading.body("orm_new"), Outcome.STORED)

    assert told == (
        b"MSH|^~\\&|ZHENCHENG|ZC01|HIS|ZC01|20260302080501+0800||ACK^O01^ACK|OURS-1|P|2.5.1"
        b"||||||UNICODE UTF-8\rMSA|AA|HIS-0001\r"
    )


def test_a_refusal_says_why_by_code_in_the_form_of_the_version() -> None:
    trouble = Unreadable(Reason.STATUS, where="OBX-11")
    new = answered(reading.body("oru_final"), Outcome.FAULTY, trouble)
    old = answered(reading.body("unknown_status"), Outcome.FAULTY, trouble)

    assert new is not None
    assert old is not None
    assert new.split(b"\r")[1:3] == [b"MSA|AE|LIS-0001", b"ERR|||103^interop.status^HL70357|E"]
    assert old.split(b"\r")[1:3] == [b"MSA|AE|LIS-0005", b"ERR|^^^103&interop.status&HL70357"]


@pytest.mark.parametrize(
    ("accept", "wanted", "outcome", "expected"),
    [
        ("", "", Outcome.STORED, "AA"),
        ("", "", Outcome.FAULTY, "AE"),
        ("", "", Outcome.NOT_TAKEN, "AR"),
        ("AL", "NE", Outcome.STORED, "CA"),
        ("AL", "AL", Outcome.STORED, "CA"),
        ("AL", "NE", Outcome.NOT_TAKEN, "CR"),
        ("ER", "NE", Outcome.STORED, None),
        ("ER", "NE", Outcome.FAULTY, "CE"),
        ("SU", "NE", Outcome.STORED, "CA"),
        ("SU", "NE", Outcome.FAULTY, None),
        ("NE", "NE", Outcome.NOT_TAKEN, None),
        ("NE", "AL", Outcome.STORED, "AA"),
        ("", "ER", Outcome.FAULTY, "AE"),
    ],
)
def test_the_mode_that_the_message_asks_for_is_kept(
    accept: str, wanted: str, outcome: Outcome, expected: str | None
) -> None:
    assert code(accept, wanted, outcome) == expected


def test_the_answer_uses_the_senders_separators_and_character_set() -> None:
    odd = b"MSH@~&#\\@APP@FAC@@@@@ADT~A01@7#F#8@P@2.3"
    chinese = answered(reading.body("oru_chinese_lis"), Outcome.STORED)

    assert answered(odd, Outcome.STORED) == (
        b"MSH@~&#\\@@@APP@FAC@20260302080501+0800@@ACK~A01@OURS-1@P@2.3\rMSA@AA@7#F#8\r"
    )
    assert chinese is not None
    assert "LIS膢".encode("gb18030") in chinese
    assert read(chinese).header.receiver.application == "LIS膢 "


def test_what_has_no_header_is_still_answered() -> None:
    told = answered(b"PID|1", Outcome.FAULTY, Unreadable(Reason.NO_HEADER, where="line 1"))

    assert told == (
        b"MSH|^~\\&|||||20260302080501+0800||ACK|OURS-1|P|2.5.1\rMSA|AE\r"
        b"ERR|||100^interop.no_header^HL70357|E\r"
    )
