"""`manage.py import_rota --hospital CODE --from DIR --starting YYYY-MM-DD`."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from booking.actions.import_rota import import_rota
from booking.rota_files import read_rota
from clinic.saying import said
from common.errors import DomainError
from hospitals.views import hospital_of


class Command(BaseCommand):
    """Reads the whole rota first; a fault changes nothing. Safe to repeat."""

    help = "Let doctors work a weekly rota from a date on. Publish it with publish_rota."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which hospital, which folder, and from when."""
        parser.add_argument("--hospital", required=True, help="the hospital's code")
        parser.add_argument("--from", required=True, type=Path, dest="folder")
        parser.add_argument("--starting", required=True, type=date.fromisoformat)
        parser.add_argument("--seed", default="rota", help="decides the doctors' made-up names")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read, then write, then say what changed."""
        try:
            done = import_rota(
                hospital=hospital_of(options["hospital"]),
                weeks=read_rota(options["folder"]),
                starting=options["starting"],
                seed=options["seed"],
            )
        except DomainError as refusal:
            raise CommandError("\n".join(said(refusal))) from refusal
        self.stdout.write(
            f"医生: {done.doctors_added} added\n"
            f"排班规则: {done.patterns_added} added, {done.patterns_changed} changed, "
            f"{done.patterns_same} the same, {done.patterns_ended} ended"
        )
