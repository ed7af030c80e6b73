"""Reads CSV files strictly: typed rows, or every fault by line, column and reason.

Reading writes nothing. A file is UTF-8, its first line is exactly the expected header, every line
is as wide as the header, and keys stand once. A byte order mark, as Excel writes it, is no fault.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Generic, TypeVar

from clinic.errors import DirectoryFileFaulty

MOST_FAULTS = 20  # as many are listed; the rest are counted
FEN = Decimal(100)
LARGEST_FEN = 2_147_483_647  # what a price's column holds
YUAN = re.compile(r"\d{1,9}(\.\d{1,2})?", re.ASCII)
WHOLE = re.compile(r"\d{1,9}", re.ASCII)
DEGREES = re.compile(r"-?\d{1,3}(\.\d{1,20})?", re.ASCII)
CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029\ufffd]")

R = TypeVar("R")


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a file; line 1 is the header, and an empty column means the line."""

    line: int
    column: str
    reason: str


class Faults:
    """What is wrong in one file, so that all of it can be told at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Fault] = []

    def add(self, *, line: int, column: str, reason: str) -> None:
        """Note a fault."""
        self.found.append(Fault(line, column, reason))

    def refuse(self) -> None:
        """Raises DirectoryFileFaulty where anything was noted."""
        if self.found:
            listed = [vars(fault) for fault in self.found[:MOST_FAULTS]]
            raise DirectoryFileFaulty(
                file=self.file, faults=listed, more=len(self.found) - len(listed)
            )


@dataclass
class Line:
    """The cells of one line; a cell that cannot be read is noted and read as nothing."""

    number: int
    cells: dict[str, str]
    faults: Faults
    is_sound: bool = True

    def fault(self, column: str, reason: str) -> None:
        """Note what is wrong with a cell."""
        self.is_sound = False
        self.faults.add(line=self.number, column=column, reason=reason)

    def text(self, column: str, *, most: int) -> str:
        """The cell, not empty."""
        value = self.text_or_empty(column, most=most)
        if not value and self.is_sound:
            self.fault(column, "empty")
        return value

    def text_or_empty(self, column: str, *, most: int) -> str:
        """The cell without spaces around it."""
        value = self.cells[column].strip()
        if CONTROL.search(value):
            self.fault(column, "control_character")
        elif len(value) > most:
            self.fault(column, "too_long")
        return value

    def whole(self, column: str, *, least: int = 0, most: int = 999_999_999) -> int:
        """A whole number in a range."""
        value = self.cells[column].strip()
        if not WHOLE.fullmatch(value):
            self.fault(column, "not_a_whole_number")
            return least
        if not least <= int(value) <= most:
            self.fault(column, "out_of_range")
        return int(value)

    def fen(self, column: str) -> int:
        """Yuan with at most two decimals, as fen, exactly."""
        value = self.cells[column].strip()
        if not YUAN.fullmatch(value):
            self.fault(column, "not_a_price")
            return 0
        fen = int(Decimal(value) * FEN)
        if fen > LARGEST_FEN:
            self.fault(column, "out_of_range")
        return fen

    def degrees(self, column: str, *, most: int) -> float | None:
        """A coordinate; 0 says that it is unknown."""
        value = self.cells[column].strip()
        if not DEGREES.fullmatch(value):
            self.fault(column, "not_a_coordinate")
            return None
        if abs(float(value)) > most:
            self.fault(column, "out_of_range")
        return float(value) or None

    def matching(self, column: str, pattern: re.Pattern[str]) -> str:
        """A cell of one form."""
        value = self.cells[column].strip()
        if not pattern.fullmatch(value):
            self.fault(column, "wrong_form")
        return value


@dataclass(frozen=True)
class Shape(Generic[R]):
    """What one kind of file holds: its header, how a line is read, what stands once."""

    header: tuple[str, ...]
    make: Callable[[Line], R]
    key: tuple[str, ...]


@dataclass
class Table(Generic[R]):
    """The typed rows of one file."""

    rows: list[R] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def numbered(self) -> Iterator[tuple[int, R]]:
        """Each row with its line, for faults that only other rows or files show."""
        return zip(self.lines, self.rows, strict=True)


def read(path: Path, shape: Shape[R]) -> Table[R]:
    """The file's rows. Raises DirectoryFileFaulty with all that is wrong in it."""
    faults = Faults(path.name)
    table: Table[R] = Table()
    seen: set[tuple[str, ...]] = set()
    for line in _lines(path, shape.header, faults=faults):
        row = shape.make(line)
        key = tuple(line.cells[column].strip() for column in shape.key)
        if key in seen:
            line.fault(shape.key[0], "stands_twice")
        seen.add(key)
        if line.is_sound:
            table.rows.append(row)
            table.lines.append(line.number)
    faults.refuse()
    return table


def _lines(path: Path, header: tuple[str, ...], *, faults: Faults) -> Iterator[Line]:
    text = _text(path, faults)
    if text is None:
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    is_empty = True
    try:
        first = tuple(next(reader, ()))
        if first != header:
            faults.add(line=1, column=_first_difference(first, header), reason="wrong_header")
            return
        for cells in reader:
            is_empty = False
            if len(cells) != len(header):
                faults.add(line=reader.line_num, column="", reason="wrong_width")
                continue
            yield Line(reader.line_num, dict(zip(header, cells, strict=True)), faults)
    except csv.Error:
        faults.add(line=reader.line_num, column="", reason="broken_quotes")
        return
    if is_empty:
        faults.add(line=2, column="", reason="no_rows")


def _text(path: Path, faults: Faults) -> str | None:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as trouble:
        line = content.count(b"\n", 0, trouble.start) + 1
        faults.add(line=line, column="", reason="not_utf_8")
        return None
    if not text.strip():
        faults.add(line=1, column="", reason="empty")
        return None
    return text


def _first_difference(first: tuple[str, ...], header: tuple[str, ...]) -> str:
    for found, wanted in zip(first, header, strict=False):
        if found != wanted:
            return wanted
    return header[len(first)] if len(first) < len(header) else first[len(header)]


def read_if_there(path: Path, shape: Shape[R]) -> Table[R]:
    """The file's rows, or none where there is no such file. Raises DirectoryFileFaulty."""
    return read(path, shape) if path.is_file() else Table()
