"""The README's pictures, made small from what the journey's browser test saw.

    python -m tools.pictures [--from var/screenshots/journey] [--to docs/pictures]

Exit status: 1 where a picture is missing or stays too large.
"""

import argparse
import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image

from tools.processes import ROOT

SHOWN = (
    "times",
    "fee-sheet",
    "booked-on-the-phone",
    "phone-called",
    "room-in-the-room",
    "wall-called",
    "report",
    "prescription-ready",
    "stay",
    "verified",
)  # names of the test's pictures, in the order of the README
PHONE_WIDTH, WIDE_WIDTH = 260, 520  # of the picture; a phone is 390 px, a tablet 1024
COLOURS = 160
MOST_BYTES = 60_000


def taken(folder: Path, name: str) -> Path:
    """The test's picture of this name, whatever its number. Raises SystemExit."""
    found = [file for file in folder.glob("[0-9]*.png") if file.stem.split("-", 1)[1] == name]
    if len(found) != 1:
        raise SystemExit(f"{folder} has {len(found)} pictures of {name}: run make pictures.")
    return found[0]


def small(file: Path) -> bytes:
    """The picture, smaller, in few colours, as PNG."""
    with Image.open(file) as picture:
        width = PHONE_WIDTH if picture.width < picture.height else WIDE_WIDTH
        size = (width, round(picture.height * width / picture.width))
        shown = picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    kept = BytesIO()
    shown.quantize(COLOURS, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
    return kept.getvalue()


def main(arguments: Sequence[str] | None = None) -> int:
    """Write each picture; say which are too large."""
    parser = argparse.ArgumentParser(prog="pictures", description=__doc__)
    parser.add_argument(
        "--from", type=Path, dest="source", default=ROOT / "var" / "screenshots" / "journey"
    )
    parser.add_argument("--to", type=Path, dest="target", default=ROOT / "docs" / "pictures")
    options = parser.parse_args(arguments)
    options.target.mkdir(parents=True, exist_ok=True)
    too_large = 0
    for place, name in enumerate(SHOWN, start=1):
        picture = small(taken(options.source, name))
        (options.target / f"{place:02d}-{name}.png").write_bytes(picture)
        sys.stdout.write(f"{place:02d}-{name}.png {len(picture)} bytes\n")
        too_large += len(picture) > MOST_BYTES
    return 1 if too_large else 0


if __name__ == "__main__":
    raise SystemExit(main())
