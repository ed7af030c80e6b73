"""`manage.py rotate_keys CODE`: a hospital's data keys are followed by new ones."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand

from common.crypto_rotation import begin_rotation, close_anew
from common.management.hospital import add_hospital, purposes_of, the_hospital


class Command(BaseCommand):
    """Reads and writes go on. Stopped at any moment, the next run goes on where it was."""

    help = "Make the next data key of a hospital, and close every row anew with it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The hospital's code; `--purpose` for one kind of values."""
        add_hospital(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """One line for each column; the end says what is left."""
        hospital_id = the_hospital(options["code"])
        left = sum(
            self._rotate(hospital_id, purpose=purpose)
            for purpose in purposes_of(hospital_id, only=options["purpose"])
        )
        self.stdout.write(
            f"{left} rows left under old keys: run this again."
            if left
            else "No row is left under an old key; destroy_keys ends the rotation."
        )

    def _rotate(self, hospital_id: UUID, *, purpose: str) -> int:
        key = begin_rotation(hospital_id=hospital_id, purpose=purpose)
        self.stdout.write(f"{purpose}: key number {key.number}")
        left = 0
        for done in close_anew(hospital_id=hospital_id, purpose=purpose):
            self.stdout.write(f"  {done.column}: {done.closed_anew} closed anew, {done.left} left")
            for row_id in done.unreadable:
                self.stderr.write(f"  {done.column}: row {row_id} cannot be read")
            left += done.left
        return left
