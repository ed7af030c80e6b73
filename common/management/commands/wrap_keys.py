"""`manage.py wrap_keys`: every data key is wrapped by the newest master key."""

from typing import Any

from django.core.management.base import BaseCommand

from common.crypto_rotation import wrap_anew


class Command(BaseCommand):
    """Safe to repeat; no value changes."""

    help = "Wrap every data key anew, after the master key was followed by another."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Say how many."""
        self.stdout.write(f"{wrap_anew()} data keys wrapped.")
