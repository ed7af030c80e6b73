"""`manage.py rotate_index COLUMN`: the key of a blind index is followed by the next."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.crypto_index import plain_of_index
from common.index_rotation import GRACE, turn_index


class Command(BaseCommand):
    """Each run does one step; people are registered and found meanwhile."""

    help = "Rotate the key of a blind index: run it again until it says that it is over."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The name of the index; `--wait` does all steps, which takes some minutes."""
        parser.add_argument("column")
        parser.add_argument("--wait", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """One line for each step."""
        column = options["column"]
        if column not in plain_of_index:
            raise CommandError(f"One of: {', '.join(plain_of_index.keys())}.")
        while True:
            turn = turn_index(column)
            self.stdout.write(
                f"{column}: written under key {turn.state.number}, "
                f"{turn.replaced} replaced, {turn.left} left"
                + (": over" if turn.is_over else f"; go on in {GRACE.seconds} s")
            )
            if turn.is_over or not options["wait"]:
                return
            time.sleep(GRACE.seconds)
