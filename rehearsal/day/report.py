"""What a rehearsal says: progress, one page of figures, and the line of JSON."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TextIO

from rehearsal.day.diary import Diaries
from rehearsal.day.steps import STEPS
from rehearsal.readers.findings import INVARIANTS, Finding, Findings

BAR = 24
SLOWEST = 12  # edges on the page
SHOWN_FAULTS = 20


@dataclass
class Progress:
    """A bar that moves on a terminal; a line at each end of an act elsewhere."""

    out: TextIO
    is_tty: bool
    begun: float = field(default_factory=time.monotonic)

    def show(self, what: str, done: int, of: int) -> None:  # noqa: PLR0917 - what, and how far
        """How far an act is."""
        filled = BAR * done // of if of else BAR
        bar = "█" * filled + "░" * (BAR - filled)
        if self.is_tty:
            end = "\n" if done == of else ""
            self.out.write(f"\r{bar} {done:>3}/{of:<3} {what:<28}{end}")
        elif done == of:
            passed = time.monotonic() - self.begun
            self.out.write(f"[{done:>3}/{of}] {what}, after {passed:.0f} s\n")
        self.out.flush()

    def say(self, line: str) -> None:
        """A line of its own."""
        self.out.write(f"{line}\n")
        self.out.flush()


@dataclass(frozen=True)
class Outcome:
    """Everything there is to say."""

    name: str
    patients: int
    seconds: float
    diaries: Diaries
    readers: Mapping[str, Findings]
    verdicts: Mapping[int, bool | None]

    @property
    def missing(self) -> list[str]:
        """Covered steps that did not happen."""
        happened = self.diaries.steps()
        return [step for step in STEPS if not happened[step]]

    @property
    def faults(self) -> list[str]:
        """What the readers found, each with its invariant."""
        return [
            f"{number} ({name}): {fault}"
            for name, findings in self.readers.items()
            for number, finding in findings.items()
            for fault in finding.faults
        ]

    @property
    def wrong(self) -> int:
        """Outcomes that must not be."""
        return len(self.faults) + len(self.diaries.surprises)

    @property
    def is_good(self) -> bool:
        """Nothing wrong, nothing false, nothing missing."""
        return not self.wrong and not self.missing and False not in self.verdicts.values()


def last_line(outcome: Outcome) -> dict[str, Any]:
    """The line of JSON."""
    return {
        "rehearsal": outcome.name,
        "patients": outcome.patients,
        "seconds": round(outcome.seconds, 1),
        "events": len(outcome.diaries.entries),
        "wrong": outcome.wrong,
        "invariants": {str(number): value for number, value in outcome.verdicts.items()},
        "refused": dict(sorted(outcome.diaries.refused.items())),
    }


def page(outcome: Outcome) -> Iterator[str]:
    """One page of figures."""
    yield ""
    yield f"{outcome.name}: {outcome.patients} patients, {outcome.seconds:.0f} s"
    yield from _steps(outcome)
    yield from _edges(outcome.diaries)
    yield from _verdicts(outcome)
    for words in [*outcome.diaries.surprises, *outcome.faults][:SHOWN_FAULTS]:
        yield f"  wrong: {words}"
    for step in outcome.missing:
        yield f"  did not happen: {step}"


def _steps(outcome: Outcome) -> Iterator[str]:
    happened = outcome.diaries.steps()
    yield "\nsteps"
    for step in STEPS:
        yield f"  {happened[step]:>6}  {step}"
    if outcome.diaries.refused:
        yield "\nrefused"
    for code, count in sorted(outcome.diaries.refused.items()):
        yield f"  {count:>6}  {code}"


def _edges(diaries: Diaries) -> Iterator[str]:
    yield "\nslowest edges               answers    p50 ms    p99 ms"
    by_p99 = sorted(diaries.seconds.items(), key=lambda one: -_share(one[1], share=0.99))
    for edge, seconds in by_p99[:SLOWEST]:
        p50, p99 = (_share(seconds, share=share) * 1000 for share in (0.5, 0.99))
        yield f"  {len(seconds):>6} {p50:>9.0f} {p99:>9.0f}  {edge}"


def _share(values: list[float], *, share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def _verdicts(outcome: Outcome) -> Iterator[str]:
    yield "\ninvariants" + "".join(f"  facts in {name}" for name in outcome.readers)
    for number, title in INVARIANTS.items():
        facts = [found.get(number, Finding()).facts for found in outcome.readers.values()]
        said = {True: "holds", False: "BROKEN", None: "not seen"}[outcome.verdicts[number]]
        yield f"  {number} {said:<9} {'  '.join(f'{count:>6}' for count in facts)}  {title}"
