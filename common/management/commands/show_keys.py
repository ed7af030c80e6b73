"""`manage.py show_keys CODE`: which keys there are, and how many rows each closes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from common.crypto_rotation import columns
from common.management.hospital import add_hospital, purposes_of, the_hospital
from common.models import DataKey, PersonKey


class Command(BaseCommand):
    """Numbers, times and counts; never a key."""

    help = "List a hospital's data keys with the number of rows under each."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The hospital's code; `--purpose` for one kind of values."""
        add_hospital(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """One line for each key."""
        hospital_id = the_hospital(options["code"])
        for purpose in purposes_of(hospital_id, only=options["purpose"]):
            keys = DataKey.objects.filter(hospital_id=hospital_id, purpose=purpose)
            for key in keys.order_by("number"):
                rows = sum(column.count([key]) for column in columns(purpose))
                end = f", destroyed {key.destroyed_at:%Y-%m-%d}" if key.destroyed_at else ""
                self.stdout.write(f"{purpose} {key.number}: {rows} rows{end}")
        people = PersonKey.objects.filter(hospital_id=hospital_id)
        live = people.filter(destroyed_at=None).count()
        self.stdout.write(f"keys of persons: {live}, destroyed: {people.count() - live}")
