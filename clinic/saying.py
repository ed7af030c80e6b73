"""Refusals as lines on a terminal."""

from collections.abc import Iterator

from clinic.errors import DirectoryFileFaulty
from common.errors import DomainError


def said(refusal: DomainError) -> Iterator[str]:
    """The refusal's code and facts; for a faulty file, a line for each fault."""
    if not isinstance(refusal, DirectoryFileFaulty):
        facts = ", ".join(f"{name}={value}" for name, value in refusal.facts.items())
        yield f"{refusal.code}: {facts}" if facts else refusal.code
        return
    file, faults, more = (refusal.facts[name] for name in ("file", "faults", "more"))
    yield f"{refusal.code}: nothing was changed"
    if isinstance(faults, list):
        for fault in faults:
            yield f"{file}:{fault['line']}: {fault['column'] or 'line'}: {fault['reason']}"
    if more:
        yield f"{file}: {more} more"
