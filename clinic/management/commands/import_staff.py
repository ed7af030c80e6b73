"""`manage.py import_staff --hospital CODE FILE [--apply]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.actions.import_staff import Imported, import_staff
from clinic.saying import said
from clinic.staff_file import COLUMNS, read_staff
from common.commands import command
from common.errors import DomainError
from hospitals.models import Hospital
from hospitals.views import hospital_of


class OnlyLooked(Exception):
    """Rolls the command back: nobody said `--apply`."""

    def __init__(self, done: Imported) -> None:
        super().__init__()
        self.done = done


def bring_in(hospital: Hospital, file: Path, *, is_look: bool) -> Imported:
    """One command; raises OnlyLooked at its end where nothing is to be written."""
    table = read_staff(file)
    with command():
        done = import_staff(hospital=hospital, file=file.name, table=table)
        if is_look:
            raise OnlyLooked(done)
    return done


class Command(BaseCommand):
    """Reads the whole file first; a fault in one line changes nothing. Safe to repeat."""

    help = f"Bring a hospital's staff up to a CSV file with the columns {', '.join(COLUMNS)}."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which hospital, which file, and whether to write."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--hospital", required=True, help="the hospital's code")
        parser.add_argument("--apply", action="store_true", help="write; without it only look")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read, compare, write if asked to, and say what is different."""
        file: Path = options["file"]
        if not file.is_file():
            raise CommandError(f"{file} is no file.")
        try:
            hospital = hospital_of(options["hospital"])
            done = bring_in(hospital, file, is_look=not options["apply"])
        except OnlyLooked as looked:
            self.say(looked.done, "to do, nothing was written (--apply writes)")
        except DomainError as refusal:
            raise CommandError("\n".join(said(refusal))) from refusal
        else:
            self.say(done, "done")

    def say(self, done: Imported, what: str) -> None:
        """One line of counts."""
        counts = ", ".join(f"{name} {count}" for name, count in vars(done).items())
        self.stdout.write(f"{what}: {counts}")
