"""Logs carry ids and codes, never people."""

import json
import logging
import sys
from typing import Any
from uuid import UUID

from common.ids import new_id
from common.logs import IdsOnly


def line(record: logging.LogRecord) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(IdsOnly().format(record))
    return told


def record(name: str, message: str, *args: object, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord(name, logging.INFO, __file__, 1, message, args, None)
    vars(made).update(extra)
    return made


def test_ids_and_listed_facts_are_kept_and_people_are_not() -> None:
    patient_id = new_id()

    told = line(record("booking", "booked", patient_id=patient_id, code="x", name_of="王建国"))

    assert told["patient_id"] == str(patient_id)
    assert told["code"] == "x"
    assert "王建国" not in json.dumps(told, ensure_ascii=False)


def test_an_id_that_is_no_id_is_left_out() -> None:
    told = line(record("booking", "booked", patient_id="王建国", order_id=UUID(int=1)))

    assert "patient_id" not in told
    assert told["order_id"] == str(UUID(int=1))


def test_an_exception_keeps_its_frames_and_loses_its_text() -> None:
    made = record("booking", "failed for %s", "王建国")

    def fail() -> None:
        raise ValueError("11010519491231002X")

    try:
        fail()
    except ValueError:
        made.exc_info = sys.exc_info()

    told = line(made)

    assert told["trouble"] == "ValueError"
    assert told["where"][-1].endswith("fail")
    assert "11010519491231002X" not in json.dumps(told)
    assert "王建国" not in json.dumps(told, ensure_ascii=False)


def test_a_request_line_loses_its_query() -> None:
    told = line(record("django.request", "Not Found: %s", "/m/demo/?name=王建国"))

    assert told["event"] == "Not Found: /m/demo/"
