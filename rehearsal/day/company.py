"""What all players share: the stage, the diaries, and ways to wait that end."""

import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from rehearsal.day.diary import Diaries
from rehearsal.day.edges import Door, Unexpected
from rehearsal.day.pace import Pace, at
from rehearsal.day.stage import Stage, StageTrouble

AT_ONCE = 16  # outsiders who act at the same moment
LOOK_AGAIN_SECONDS = 0.4


class Late(Exception):
    """Something that should have come did not come in time."""


@dataclass
class Company:
    """Everybody's common ground."""

    stage: Stage
    diaries: Diaries
    on: date  # the day that is played
    ends: float  # monotonic; nobody acts later
    show: Callable[[str, int, int], None]  # progress: what, done, of
    messages: list[dict[str, Any]] = field(default_factory=list)
    read_at: float = 0.0
    reading: threading.Lock = field(default_factory=threading.Lock)

    @property
    def pace(self) -> Pace:
        """The clock."""
        return self.stage.pace

    @property
    def eve(self) -> date:
        """The day before."""
        return self.on - timedelta(days=1)

    def morning(self, hour: int, minute: int = 0) -> datetime:
        """A time of the day that is played."""
        return at(self.on, hour, minute)

    def outside(self) -> Door:
        """The controls of the outside world."""
        secret = {"X-Sandbox-Secret": self.stage.credentials["phone_secret"]}
        return Door(self.stage.sandbox, self.diaries, headers=secret)

    def phone_messages(self, openid: str) -> list[dict[str, Any]]:
        """What WeChat has put on one phone; the list is fetched at most once a moment."""
        with self.reading:
            if time.monotonic() - self.read_at > LOOK_AGAIN_SECONDS:
                door = self.outside()
                self.messages = listed(door, "messages")
                door.close()
                self.read_at = time.monotonic()
            return [one for one in self.messages if one["openid"] == openid]

    def until(self, what: str, look: Callable[[], Any], *, seconds: float = 20.0) -> Any:
        """What `look` finds, once it finds something. Raises Late."""
        ends = min(time.monotonic() + seconds, self.ends)
        while True:
            found = look()
            if found:
                return found
            if time.monotonic() > ends:
                raise Late(what)
            time.sleep(LOOK_AGAIN_SECONDS)

    def together(self, what: str, acts: Iterable[Callable[[], None]]) -> None:
        """Everybody acts at once; who meets what should not be stops, and that is counted."""
        listed = list(acts)
        self.show(what, 0, len(listed))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            waiting = {pool.submit(self._guarded, what, act) for act in listed}
            while waiting:
                done, waiting = wait(waiting, timeout=0.5)
                for one in done:
                    self._heed(what, one)
                if self.stage.has_fallen:
                    self.ends = 0.0  # nobody begins anything more
                self.show(what, len(listed) - len(waiting), len(listed))
        if self.stage.has_fallen:
            raise StageTrouble("Stopped before the end.")

    def _heed(self, what: str, done: Future[None]) -> None:
        """A player that broke is a fault of the rehearsal, and is told as one."""
        trouble = done.exception()
        if trouble is not None:
            self.diaries.note_surprise(f"{what}: {type(trouble).__name__}")
            traceback.print_exception(trouble, file=sys.stderr)

    def _guarded(self, what: str, act: Callable[[], None]) -> None:
        if time.monotonic() > self.ends:
            self.diaries.note_surprise(f"{what}: the time of the run is over")
            return
        try:
            act()
        except Unexpected:
            return  # the door has written it down
        except Late as late:
            self.diaries.note_surprise(f"{what}: {late} did not come in time")


def listed(door: Door, name: str) -> list[dict[str, Any]]:
    """Every row of one of the outside world's lists."""
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        told = door.expect(door.get(f"/control/{name}?after={after}"), 200).body
        found += told[name]
        after = told["next_after"]
    return found
