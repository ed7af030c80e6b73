"""What a process remembers: bounded in number and in age, safe between threads."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from common import clock

K = TypeVar("K")
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """At most `most` values, none older than `seconds`; the oldest go first."""

    def __init__(
        self, *, most: int, seconds: float, now: Callable[[], float] = clock.monotonic
    ) -> None:
        self._most = most
        self._seconds = seconds
        self._now = now
        self._values: dict[K, tuple[float, V]] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: K) -> V | None:
        """The value, unless it is not known or too old."""
        found = self._values.get(key)
        if found is None:
            return None
        if self._now() - found[0] <= self._seconds:
            return found[1]
        with self._lock:
            if self._values.get(key) is found:
                del self._values[key]
        return None

    def put(self, key: K, value: V) -> None:
        """Remember it from now on."""
        with self._lock:
            self._values.pop(key, None)
            self._values[key] = (self._now(), value)
            self._drop_surplus()

    def _drop_surplus(self) -> None:
        """What is too old goes, and what is too much; the oldest stand first."""
        oldest = self._now() - self._seconds
        for key, (at, _) in list(self._values.items())[:_LOOKED_AT]:
            if at < oldest:
                del self._values[key]
        while len(self._values) > self._most:
            del self._values[next(iter(self._values))]

    def forget(self, key: K | None = None) -> None:
        """Drop one value, or all of them."""
        with self._lock:
            if key is None:
                self._values.clear()
            else:
                self._values.pop(key, None)


_LOOKED_AT = 8  # of the oldest, at each new value
