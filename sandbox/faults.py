"""Switches that make the outside world misbehave."""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from sandbox.store import Store

FAULTS: dict[str, str] = {
    "lost_notify": "the next payment notice is never sent",
    "duplicate_notify": "the next payment notice is sent once more after it was acknowledged",
    "late_notify": "the next payment notice is first sent `seconds` later, on the shown clock",
    "signtest_notify": "the next payment notice is preceded by a probe whose signature is wrong",
    "http_500": "a provider call answers 500, `moment` before or after it took effect",
    "rate_limited_429": "a provider call is refused for its rate (429, or errcode 45009)",
    "slow": "a provider call waits `seconds`, `moment` before or after it took effect",
    "token_invalid_40001": "a mini-program call is told that its access token is not the latest",
    "sms_number_refused": "a text message is refused as if its number took none (NUMBER_REFUSED)",
    "refuse_43101": "a subscription message is refused as if the person had switched it off",
}
DEFAULT_SECONDS: dict[str, float] = {"late_notify": 600.0, "slow": 6.0}
LONGEST_SECONDS = 30 * 24 * 3600.0


class FaultUnknown(Exception):
    """No such fault, or its settings make no sense."""


@dataclass(frozen=True)
class Fault:
    """One switch. `times` None stays until it is taken back; '' matches any path or event."""

    name: str
    times: int | None = 1
    path: str = ""
    event: str = ""
    moment: str = "before"
    seconds: float = 0.0

    @classmethod
    def from_json(cls, body: dict[str, object]) -> "Fault":
        """Raises FaultUnknown."""
        name = body.get("name")
        times = body.get("times", 1)
        path, event = body.get("path", ""), body.get("event", "")
        moment = body.get("moment", "before")
        if not isinstance(name, str) or name not in FAULTS:
            raise FaultUnknown("name")
        if times is not None and (type(times) is not int or not 1 <= times <= 1_000_000):
            raise FaultUnknown("times")
        if not isinstance(path, str) or not isinstance(event, str):
            raise FaultUnknown("path")
        if not isinstance(moment, str) or moment not in {"before", "after"}:
            raise FaultUnknown("moment")
        seconds = _seconds(body.get("seconds", DEFAULT_SECONDS.get(name, 0.0)))
        return cls(name, times, path, event, moment, seconds)


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FaultUnknown("seconds")
    if not math.isfinite(value) or not 0 <= value <= LONGEST_SECONDS:
        raise FaultUnknown("seconds")
    return float(value)


class Faults:
    """The switches that are on. They live in the store, so a restart keeps them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def switch_on(self, fault: Fault) -> None:
        """The fault strikes from the next matching call on."""
        self._store.run(
            "INSERT INTO faults (name, times, path, event, moment, seconds)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            fault.name,
            fault.times,
            fault.path,
            fault.event,
            fault.moment,
            fault.seconds,
        )

    def switch_off_all(self) -> None:
        """The outside world behaves."""
        self._store.run("DELETE FROM faults")

    def switched_on(self) -> list[dict[str, object]]:
        """What is on, oldest first."""
        return [dict(row) for row in self._store.all("SELECT * FROM faults ORDER BY id")]

    def take(self, name: str, *, path: str = "", event: str = "") -> Fault | None:
        """The oldest matching fault, counted down by one; None when the world behaves."""
        row = self._store.one(
            "SELECT * FROM faults WHERE name = ? AND (path = '' OR substr(?, 1, length(path))"
            " = path) AND (event = '' OR event = ?) ORDER BY id LIMIT 1",
            name,
            path,
            event,
        )
        if row is None:
            return None
        if row["times"] == 1:
            self._store.run("DELETE FROM faults WHERE id = ?", row["id"])
        elif row["times"] is not None:
            self._store.run("UPDATE faults SET times = times - 1 WHERE id = ?", row["id"])
        return Fault(name, row["times"], row["path"], row["event"], row["moment"], row["seconds"])


async def answer_under_faults(
    faults: Faults,
    path: str,
    *,
    answer: Callable[[], Response],
    broken: Callable[[str], Response],
) -> Response:
    """The answer, unless a fault delays it, prevents it, or loses it after its effect."""
    slow = faults.take("slow", path=path)
    failure = faults.take("http_500", path=path) or faults.take("rate_limited_429", path=path)
    if slow is not None and slow.moment == "before":
        await asyncio.sleep(slow.seconds)
    if failure is not None and failure.moment == "before":
        return broken(failure.name)
    response = answer()
    if slow is not None and slow.moment == "after":
        await asyncio.sleep(slow.seconds)
    return broken(failure.name) if failure is not None else response
