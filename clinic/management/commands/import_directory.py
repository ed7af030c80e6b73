"""`manage.py import_directory --hospital CODE --from DIR [--check]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.actions.import_directory import BATCH, Change, Progress, import_directory
from clinic.files import read_directory
from clinic.saying import said
from common.errors import DomainError
from hospitals.views import hospital_of


class Command(BaseCommand):
    """Reads every file first; a fault in one of them changes nothing. Safe to repeat."""

    help = "Bring a hospital's departments, partners, prices, levels and titles up to CSV files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which hospital, which folder, and whether to look only."""
        parser.add_argument("--hospital", required=True, help="the hospital's code")
        parser.add_argument("--from", required=True, type=Path, dest="folder")
        parser.add_argument("--check", action="store_true", help="read and compare, write nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read, then write, then say what changed."""
        try:
            hospital = hospital_of(options["hospital"])
            directory = read_directory(options["folder"])
            changes = import_directory(
                hospital=hospital,
                directory=directory,
                is_check=options["check"],
                say=self.show_progress,
            )
        except DomainError as refusal:
            raise CommandError("\n".join(said(refusal))) from refusal
        for change in changes:
            self.stdout.write(told(change))

    def show_progress(self, progress: Progress) -> None:
        """A line for each batch of a long table."""
        if progress.of > BATCH:
            self.stderr.write(f"{progress.noun} {progress.done}/{progress.of}")


def told(change: Change) -> str:
    """One noun's line: 科室: 138 added, 0 changed, 0 the same."""
    return f"{change.noun}: {change.added} added, {change.changed} changed, {change.same} the same"
