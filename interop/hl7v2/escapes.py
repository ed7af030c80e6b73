"""The characters that separate, and how they are written when they do not."""

import re
from dataclasses import dataclass

from interop.unreadable import Reason, Unreadable

CODE_LENGTHS = (4, 5)  # MSH-2: four characters, and since 2.7 a fifth that marks truncation
LINES = {".br": "\n", ".sp": "\n", ".ce": "\n", ".fi": "", ".nf": "", ".in": "", ".ti": ""}
FORMAT = re.compile(r"(\.(?:br|sp|ce|fi|nf|in|ti|sk))([+-]?\d{1,2})?")
INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Delimiters:
    """MSH-1 and MSH-2 of a message."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    sub: str = "&"
    truncation: str = ""

    @classmethod
    def of(cls, header: str) -> "Delimiters":
        """What the header line declares; raises Unreadable where it separates nothing."""
        separator = header[3:4]
        codes = header[4:].split(separator, 1)[0] if separator else ""
        used = separator + codes
        plain = any(c.isalnum() or c.isspace() or c == '"' or not c.isprintable() for c in used)
        if plain or len(codes) not in CODE_LENGTHS or len(set(used)) != len(used):
            raise Unreadable(Reason.DELIMITERS, where="MSH-2")
        return cls(separator, *codes)

    @property
    def codes(self) -> str:
        """MSH-2 as it is written."""
        return self.component + self.repetition + self.escape + self.sub + self.truncation


def escape(text: str, delimiters: Delimiters) -> str:
    """`text` as it may stand in a field; `unescape` gives it back."""
    esc = delimiters.escape
    names = {
        delimiters.field: "F",
        delimiters.component: "S",
        delimiters.repetition: "R",
        esc: "E",
        delimiters.sub: "T",
        "\n": ".br",
        "\r": "X0D",
    }
    if delimiters.truncation:
        names[delimiters.truncation] = "P"
    return "".join(f"{esc}{names[c]}{esc}" if c in names else c for c in text)


def unescape(text: str, delimiters: Delimiters, *, codec: str = "utf-8") -> str:
    """What a field says.

    A sequence that is unknown, or that would make an invisible character, is left as it stands,
    so nothing is lost. Bytes given in hexadecimal are of the message's own character set; a
    character may be spread over neighbouring sequences.
    """
    esc = re.escape(delimiters.escape)
    if delimiters.escape not in text:
        return text
    hexadecimal = rf"(?:{esc}X(?:[0-9A-Fa-f]{{2}})+{esc})+"
    sequence = re.compile(rf"({hexadecimal})|{esc}([^{esc}]*){esc}")

    def plain(match: re.Match[str]) -> str:
        if match[1]:
            return _from_hexadecimal(match[1], esc=delimiters.escape, codec=codec)
        named = _named(match[2], delimiters)
        return match[0] if named is None else named

    return sequence.sub(plain, text)


def _named(name: str, delimiters: Delimiters) -> str | None:
    letters = {
        "F": delimiters.field,
        "S": delimiters.component,
        "R": delimiters.repetition,
        "E": delimiters.escape,
        "T": delimiters.sub,
        "P": delimiters.truncation or "#",
        "H": "",  # highlighting starts
        "N": "",  # highlighting ends
    }
    if name in letters:
        return letters[name]
    match = FORMAT.fullmatch(name)
    if match is None:
        return None
    times = abs(int(match[2] or 1))
    if match[1] == ".sk":
        return " " * times
    return LINES[match[1]] * (times if match[1] == ".sp" else 1)


def _from_hexadecimal(run: str, *, esc: str, codec: str) -> str:
    digits = "".join(part[1:] for part in run.split(esc) if part)
    try:
        text = bytes.fromhex(digits).decode(codec)
    except UnicodeDecodeError:
        return run
    return run if INVISIBLE.search(text) else text
