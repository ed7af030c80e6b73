"""`python -m bench NAME`: set up Django, then run one bench."""

import importlib
import sys

from bench.setup import start_django

BENCHES = ("booking", "availability")


def main() -> None:
    """Run the bench that the first argument names; the rest are its own."""
    if len(sys.argv) < 2 or sys.argv[1] not in BENCHES:
        raise SystemExit(f"Which bench? One of: {', '.join(BENCHES)}.")
    name = sys.argv.pop(1)
    start_django()
    importlib.import_module(f"bench.{name}").main()


main()
