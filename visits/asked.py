"""What somebody asks to be done."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Asked:
    """What somebody asks to be done, in the HIS's own numbers."""

    placer_number: str
    code: str
    name: str
    kind: str = "laboratory"
    filler_number: str = ""
    place: str = ""
