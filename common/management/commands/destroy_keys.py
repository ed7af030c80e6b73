"""`manage.py destroy_keys CODE`: end a rotation; what no row needs any more is gone for good."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.crypto_rotation import KeyStillNeeded, destroy_old_keys
from common.management.hospital import add_hospital, purposes_of, the_hospital


class Command(BaseCommand):
    """Refuses while a row is closed with an old key, or a process may remember it."""

    help = "Destroy a hospital's data keys that others have followed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The hospital's code; `--purpose` for one kind of values."""
        add_hospital(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """One line for each key that is gone. Raises CommandError with the reason of a refusal."""
        hospital_id = the_hospital(options["code"])
        for purpose in purposes_of(hospital_id, only=options["purpose"]):
            try:
                gone = destroy_old_keys(hospital_id=hospital_id, purpose=purpose)
            except KeyStillNeeded as reason:
                raise CommandError(str(reason)) from reason
            for key in gone:
                self.stdout.write(f"{purpose}: key number {key.number} is destroyed.")
