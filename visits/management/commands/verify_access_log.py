"""`manage.py verify_access_log CODE`: is the access log as it was written?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hospitals.models import Hospital
from patients.models import AccessSeal
from visits.actions.seal import faults_of


class Command(BaseCommand):
    """Recompute every seal of one hospital; fails where one does not fit."""

    help = "Recompute the seals over a hospital's access log (查阅记录)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which hospital."""
        parser.add_argument("code")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say what was found. Raises CommandError."""
        hospital = Hospital.objects.filter(code=options["code"]).first()
        if hospital is None:
            raise CommandError(f"There is no hospital {options['code']}.")
        faults = faults_of(hospital)
        if faults:
            raise CommandError("; ".join(faults))
        count = AccessSeal.objects.filter(hospital=hospital).count()
        self.stdout.write(f"{hospital.code}: {count} seals, every line as it was written.")
