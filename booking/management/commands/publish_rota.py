"""`manage.py publish_rota --hospital CODE --days N`."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from booking.actions.publish import publish_rota
from clinic.saying import said
from common import clock
from common.errors import DomainError
from hospitals.views import hospital_of


class Command(BaseCommand):
    """Publishes a day after the other, each in a transaction of its own. Safe to repeat."""

    help = "Publish the sessions of today and of the days after it, N days in all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which hospital, and how many days."""
        parser.add_argument("--hospital", required=True, help="the hospital's code")
        parser.add_argument("--days", required=True, type=int)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Publish, and say how many sessions are new."""
        try:
            hospital = hospital_of(options["hospital"])
        except DomainError as refusal:
            raise CommandError("\n".join(said(refusal))) from refusal
        today = clock.today()
        days = [today + timedelta(days=ahead) for ahead in range(options["days"])]
        fresh = sum(publish_rota(hospital=hospital, days=[day]) for day in days)
        self.stdout.write(f"出诊: {fresh} published")
