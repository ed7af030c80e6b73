"""The files of this folder, and how to break them."""

from pathlib import Path

from interop.hl7v2.segments import Message, read

FILES = Path(__file__).parent / "files"


def body(name: str) -> bytes:
    """One of our own files, as it would arrive."""
    return (FILES / f"{name}.hl7").read_bytes()


def message(name: str) -> Message:
    """One of our own files, read by the text of the standard."""
    return read(body(name))
