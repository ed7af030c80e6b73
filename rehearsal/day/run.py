"""The day from its first process to its last line."""

import argparse
import fcntl
import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg

from rehearsal.day.acts import play
from rehearsal.day.company import Company, listed
from rehearsal.day.diary import Diaries
from rehearsal.day.eve import CALM_SPEED
from rehearsal.day.pace import Pace, at, day_to_play
from rehearsal.day.report import Outcome, Progress, last_line, page
from rehearsal.day.stage import Stage, StageTrouble, fresh_home, set_stage
from rehearsal.readers.bill import fetch_bill
from rehearsal.readers.database import read_database
from rehearsal.readers.database_of_the_day import ACCESS_LINES
from rehearsal.readers.diaries import Outside, read_diaries
from rehearsal.readers.findings import together
from tools.processes import ROOT

NAME = "outpatient and ward day"
FEWEST = 8  # so that every plan has somebody
SECONDS_AT_MOST = 420.0  # the acts; the stage has bounds of its own


def main(arguments: Sequence[str] | None = None) -> int:
    """0 where every step happened, nothing was wrong and no invariant is false."""
    parser = argparse.ArgumentParser(prog="rehearsal.day", description=__doc__)
    parser.add_argument("--patients", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--alone", action="store_true", help="with our own files only")
    parser.add_argument("--server", default="postgres://postgres@127.0.0.1:5432")
    parser.add_argument("--redis", default="redis://127.0.0.1:6379/13")
    options = parser.parse_args(arguments)
    if options.patients < FEWEST:
        parser.error(f"at least {FEWEST} patients, so that every step has somebody")
    home = ROOT / "var" / "rehearsal"
    with alone_here(home):
        return rehearse(home, options)


@contextmanager
def alone_here(home: Path) -> Iterator[None]:
    """Two rehearsals would share ports and the database."""
    home.parent.mkdir(parents=True, exist_ok=True)
    with home.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit("Another rehearsal is under way.") from None
        yield


def rehearse(home: Path, options: argparse.Namespace) -> int:
    """Set the stage, play, read, tell."""
    begun = time.monotonic()
    progress = Progress(sys.stdout, is_tty=sys.stdout.isatty())
    fresh_home(home)
    on = day_to_play(date.today())  # noqa: DTZ011 - only which day it will be in the play
    pace = Pace(home / "clock.json", CALM_SPEED)
    pace.set(at(on - timedelta(days=2), 15))
    stage, diaries = Stage(home, pace, options.server, options.redis), Diaries()
    try:
        with set_stage(stage, people=options.patients, say=progress.say, alone=options.alone):
            company = Company(
                stage=stage,
                diaries=diaries,
                on=on,
                ends=time.monotonic() + SECONDS_AT_MOST,
                show=progress.show,
            )
            play(company, patients=options.patients, seed=options.seed)
            progress.say("reading")
            readers = read(company)
            note_errors(diaries, home / "processes.log")
    except StageTrouble as trouble:
        progress.say(str(trouble))
        return 1
    finally:
        diaries.write(home / "diaries.jsonl")
    outcome = Outcome(
        name=NAME,
        patients=options.patients,
        seconds=time.monotonic() - begun,
        diaries=diaries,
        readers=readers,
        verdicts=together(readers.values()),
    )
    for line in page(outcome):
        progress.say(line)
    progress.say(json.dumps(last_line(outcome), ensure_ascii=False))
    return 0 if outcome.is_good else 1


def note_errors(diaries: Diaries, log: Path) -> None:
    """What the processes themselves called an error must not be, even where nobody noticed."""
    for line in log.read_text(encoding="utf-8").splitlines():
        name, _, said = line.partition("| ")
        if '"level": "error"' in said:
            diaries.note_surprise(f"{name.strip()} logged an error; see {log.name}")


def read(company: Company) -> dict[str, Any]:
    """Both readers, each from its own sources."""
    outside = outside_of(company)
    with psycopg.connect(company.stage.database_url, autocommit=True) as connection:
        by_database = read_database(
            lambda query: connection.execute(query).fetchall(),
            bill=outside.bill,
            now=company.pace.now(),
        )
    return {"database": by_database, "diaries": read_diaries(company.diaries, outside)}


def outside_of(company: Company) -> Outside:
    """What the provider wrote down, and its bill."""
    door = company.outside()
    door.expect(door.command("/control/switches", {"bill_any_day": "yes"}), 200)
    lists = {name: listed(door, name) for name in ("orders", "refunds", "messages")}
    door.close()
    first = company.on - timedelta(days=2)
    length = (company.pace.now().date() - first).days + 1
    days = [first + timedelta(days=n) for n in range(length)]
    bill = fetch_bill(
        company.stage.credentials["merchants"][0], gateway=company.stage.sandbox, days=days
    )
    keys = {t["template_id"]: t["key"] for t in company.stage.credentials["message_templates"]}
    with psycopg.connect(company.stage.database_url, autocommit=True) as connection:
        lines = connection.execute(ACCESS_LINES).fetchall()
    access = frozenset((username, str(patient)) for username, patient in lines)
    return Outside(**lists, bill=bill, access=access, template_keys=keys)
