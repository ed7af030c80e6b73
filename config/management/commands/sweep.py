"""`manage.py sweep`: run every timer, once or again and again."""

import logging
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from common.jobs import run_sweep, timers

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Sweeps in this process. Rehearsal does so each real second, since its clock runs faster."""

    help = "Run every timer's sweep: once, or every N seconds until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--every SECONDS` goes on until the process is ended."""
        parser.add_argument("--every", type=float, default=0.0)

    def handle(self, *_args: Any, **options: Any) -> None:
        """One round, or rounds for ever. A sweep that fails does not stop the others."""
        while True:
            for timer in timers():
                try:
                    run_sweep(timer.name)
                except Exception:
                    logger.exception("sweep failed", extra={"timer": timer.name})
                    if not options["every"]:
                        raise
            if not options["every"]:
                return
            close_old_connections()
            time.sleep(options["every"])
