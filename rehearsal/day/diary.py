"""What each outsider was told, with real times; ids and codes only, never names or numbers."""

import json
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Entry:
    """One thing one outsider was told; `asked_at` and `told_at` are real seconds."""

    who: str
    step: str
    asked_at: float
    told_at: float
    facts: dict[str, Any]


@dataclass
class Diaries:
    """Everybody's diary, in one list; threads write into it."""

    entries: list[Entry] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    surprises: list[str] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, who: str, step: str, *, asked_at: float | None = None, **facts: Any) -> None:
        """Write down what one was told just now."""
        now = time.time()
        with self._lock:
            self.entries.append(Entry(who, step, asked_at or now, now, facts))

    def note_refusal(self, code: str) -> None:
        """A refusal with its stable code."""
        with self._lock:
            self.refused[code] += 1

    def note_surprise(self, words: str) -> None:
        """Something that must not happen at any edge."""
        with self._lock:
            self.surprises.append(words)

    def note_seconds(self, edge: str, seconds: float) -> None:
        """How long an edge took to answer."""
        with self._lock:
            self.seconds[edge].append(seconds)

    def steps(self) -> Counter[str]:
        """How often each step happened."""
        return Counter(entry.step for entry in self.entries)

    def of(self, *steps: str) -> list[Entry]:
        """The entries of these steps, in the order they were written."""
        return [entry for entry in self.entries if entry.step in steps]

    def write(self, file: Path) -> None:
        """One line of JSON for each entry."""
        with file.open("w", encoding="utf-8") as out:
            for entry in self.entries:
                told = {
                    "who": entry.who,
                    "step": entry.step,
                    "asked_at": round(entry.asked_at, 4),
                    "told_at": round(entry.told_at, 4),
                    **entry.facts,
                }
                out.write(json.dumps(told, ensure_ascii=False, default=str) + "\n")
