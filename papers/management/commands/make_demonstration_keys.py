"""Makes what a demonstration seals papers with."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from papers.keys import make_demonstration_pair


class Command(BaseCommand):
    """Make a self-signed key pair for papers, where there is none."""

    help = "Make the demonstration's key for sealing papers (safe to repeat)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Make both files, or keep what is there."""
        if not settings.PAPERS_DEMONSTRATION_SEAL:
            raise CommandError("This installation seals with a real certificate only.")
        made = make_demonstration_pair(
            key_file=Path(settings.PAPERS_SIGNING_KEY),
            certificate_file=Path(settings.PAPERS_SIGNING_CERTIFICATE),
        )
        self.stdout.write("made" if made else "kept")
