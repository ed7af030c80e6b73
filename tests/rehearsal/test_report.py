"""What a rehearsal ends with: one line of JSON, and an exit status that means it."""

import dataclasses
import io
import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from stdnum.cn import ric

from rehearsal.day.diary import Diaries
from rehearsal.day.edges import Forms
from rehearsal.day.eve import wanted_by
from rehearsal.day.pace import Pace, at, day_to_play
from rehearsal.day.people import make_people
from rehearsal.day.report import Outcome, Progress, last_line, page
from rehearsal.day.run import note_errors
from rehearsal.day.steps import STEPS
from rehearsal.readers.findings import Finding

KEYS = ["rehearsal", "patients", "seconds", "events", "wrong", "invariants", "refused"]


@pytest.fixture
def outcome() -> Outcome:
    diaries = Diaries()
    for step in STEPS:
        diaries.note("somebody", step)
    diaries.note_refusal("booking.slot_full")
    diaries.note_seconds("GET charges", 0.1)
    verdicts = {number: None if number == 6 else True for number in range(1, 8)}
    readers = {"database": {1: Finding(facts=3)}, "diaries": {1: Finding(facts=2)}}
    return Outcome("a day", 12, 61.27, diaries, readers, verdicts)


def test_the_line_of_json_has_its_keys(outcome: Outcome) -> None:
    told = json.loads(json.dumps(last_line(outcome)))

    assert list(told) == KEYS
    assert (told["seconds"], told["wrong"], told["refused"]) == (61.3, 0, {"booking.slot_full": 1})
    assert told["invariants"] == {
        "1": True,
        "2": True,
        "3": True,
        "4": True,
        "5": True,
        "6": None,
        "7": True,
    }


def test_a_day_without_a_fault_is_good(outcome: Outcome) -> None:
    assert outcome.is_good


def test_a_step_that_did_not_happen_fails_the_day(outcome: Outcome) -> None:
    outcome.diaries.entries.pop()

    assert not outcome.is_good
    assert f"  did not happen: {STEPS[-1]}" in list(page(outcome))


def test_a_false_invariant_fails_the_day(outcome: Outcome) -> None:
    broken = dataclasses.replace(outcome, verdicts={**outcome.verdicts, 4: False})

    assert not broken.is_good


def test_a_surprise_at_an_edge_fails_the_day(outcome: Outcome) -> None:
    outcome.diaries.note_surprise("GET charges: 500")

    assert not outcome.is_good
    assert last_line(outcome)["wrong"] == 1


def test_an_error_in_a_log_fails_the_day(outcome: Outcome, tmp_path: Path) -> None:
    log = tmp_path / "processes.log"
    log.write_text('web     | {"level": "info"}\nsweeper | {"level": "error"}\n', encoding="utf-8")

    note_errors(outcome.diaries, log)

    assert outcome.diaries.surprises == ["sweeper logged an error; see processes.log"]
    assert not outcome.is_good


def test_what_a_reader_found_is_counted_and_shown(outcome: Outcome) -> None:
    fault = Finding(facts=1, faults=["a place for two"])
    found = dataclasses.replace(outcome, readers={"database": {1: fault}})

    assert last_line(found)["wrong"] == 1
    assert "  wrong: 1 (database): a place for two" in list(page(found))


def test_progress_without_a_terminal_is_one_line_for_each_act() -> None:
    out = io.StringIO()
    progress = Progress(out, is_tty=False)

    progress.show("book", 0, 2)
    progress.show("book", 2, 2)

    assert re.fullmatch(r"\[  2/2\] book, after \d+ s\n", out.getvalue())


def test_made_up_people_have_numbers_that_can_exist() -> None:
    people = make_people(40, seed=3)

    assert len({person.document_number for person in people}) == 40
    numbers = [person.document_number for person in people]
    assert [ric.calc_check_digit(number) for number in numbers] == [n[-1] for n in numbers]


def test_the_same_seed_makes_the_same_people() -> None:
    assert make_people(5, seed=9) == make_people(5, seed=9)


@pytest.mark.parametrize("days", range(8))
def test_the_day_is_one_of_work_after_a_day_of_work(days: int) -> None:
    day = day_to_play(date(2026, 3, 2) + timedelta(days=days))

    assert day.weekday() in {1, 2, 3, 4}


def test_the_clock_never_goes_backwards(tmp_path: Path) -> None:
    pace = Pace(file=tmp_path / "clock.json", speed=1.0)
    pace.set(at(date(2026, 3, 3), 9))

    pace.jump_to(at(date(2026, 3, 3), 8))

    assert pace.now() >= at(date(2026, 3, 3), 9)


def test_more_want_the_popular_slot_than_it_has_places() -> None:
    slots = [
        {"id": name, "session": name, "begins_at": at(date(2026, 3, 3), 8), "free": free}
        for name, free in (("popular", 3), ("other", 2), ("third", 2))
    ]

    wishes = wanted_by(slots, count=7)

    assert sum(wish[0]["id"] == "popular" for wish in wishes) == 6
    assert all({slot["id"] for slot in wish} == {"popular", "other", "third"} for wish in wishes)


def test_a_form_is_read_as_a_person_would_leave_it() -> None:
    forms = Forms(
        "<form action='/go'><input type='hidden' name='key' value='k'>"
        "<select name='ward'><option value='w1'>1</option><option value='w2'>2</option></select>"
        "<input type='radio' name='bed' value='b1'><input type='radio' name='bed' value='b2'>"
        "<button name='act' value='ask'>ask</button></form>"
    )

    assert forms.with_button("act", "ask") == forms.with_field("ward")
    assert forms.forms[0]["fields"] == {"key": "k", "ward": "w1", "bed": "b1"}
