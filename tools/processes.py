"""Processes that start together, speak through one mouth, and end together.

Each child leads a process group of its own, because what we start starts more
(a cluster forks workers), and a killed leader leaves those behind. Three things
see to it that nobody outlives us:

1. on our own way out we ask the leaders, then their groups, then kill them;
2. a small guard process holds the other end of a pipe; when we vanish without a
   word (kill -9), it does the same in our place;
3. on Linux the kernel tells each leader that its parent died, should somebody
   kill the guard as well.
"""

from __future__ import annotations

import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
GRACE_SECONDS = 10.0  # from the first TERM to KILL
PR_SET_PDEATHSIG = 1  # linux/prctl.h
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h

Say = Callable[[str], None]


@dataclass(frozen=True)
class Program:
    """What to start, and the name its lines carry."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


def tell_kernel(option: int, value: int) -> None:
    """One prctl call; nothing on systems that have none."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def heed_parent(parent: int) -> None:
    """In the new child: be told when the parent dies."""
    tell_kernel(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before the kernel was told
        os._exit(1)


def is_group_alive(group: int) -> bool:
    """Whether anybody is left in the group, after burying those who ended."""
    try:
        while os.waitpid(-group, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
    return signalled(group, 0, whole_group=True)


def signalled(pid: int, number: int, *, whole_group: bool) -> bool:
    """Send the signal; false when there is nobody to hear it."""
    try:
        if whole_group:
            os.killpg(pid, number)
        else:
            os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def stop_groups(
    groups: Iterable[int],
    *,
    grace_seconds: float = GRACE_SECONDS,
    meanwhile: Callable[[float], None] = time.sleep,
) -> bool:
    """End the groups: leaders are asked first, then everybody, then killed.

    Leaders first, so that a cluster may let its workers finish their jobs.
    True when nobody had to be killed. `meanwhile` is called while waiting.
    """
    left = [group for group in groups if is_group_alive(group)]
    begun = time.monotonic()
    for group in left:
        signalled(group, signal.SIGTERM, whole_group=False)
    for share, number in ((0.5, signal.SIGTERM), (1.0, signal.SIGKILL)):
        while left and time.monotonic() - begun < grace_seconds * share:
            meanwhile(0.05)
            left = [group for group in left if is_group_alive(group)]
        for group in left:
            signalled(group, number, whole_group=True)
    killed = left
    while left and time.monotonic() - begun < grace_seconds + 2:
        meanwhile(0.05)
        left = [group for group in left if is_group_alive(group)]
    return not killed


def guard(told: IO[str], *, grace_seconds: float) -> None:
    """Wait until the supervisor is gone, then end what it left behind.

    It writes a line per group it starts, and `done` when it has ended them.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    groups: list[int] = []
    for line in told:
        if line.strip() == "done":
            return
        groups.append(int(line))
    stop_groups(groups, grace_seconds=grace_seconds)


@dataclass
class Child:
    """One program that runs, and the piece of a line it has not finished."""

    program: Program
    process: subprocess.Popen[bytes]
    unfinished: bytes = b""

    def pipe(self) -> IO[bytes]:
        """Where its output and its errors arrive."""
        if self.process.stdout is None:
            raise ValueError("started without a pipe")
        return self.process.stdout


class Family:
    """Programs that live and end together."""

    def __init__(self, *, say: Say, grace_seconds: float = GRACE_SECONDS) -> None:
        self.say = say
        self.grace_seconds = grace_seconds
        self.children: list[Child] = []
        self.is_stopping = False
        self.selector = selectors.DefaultSelector()
        tell_kernel(PR_SET_CHILD_SUBREAPER, 1)  # grandchildren whose parent died are ours to bury
        self.guard = subprocess.Popen(  # noqa: S603 - our own module, fixed arguments
            [sys.executable, "-m", "tools.processes", str(grace_seconds)],
            stdin=subprocess.PIPE,
            cwd=ROOT,
            start_new_session=True,
        )

    def start(self, program: Program) -> Child:
        """Start the program as the leader of its own group."""
        process = subprocess.Popen(  # noqa: S603 - commands come from our own code
            list(program.command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **program.environment},
            process_group=0,
            preexec_fn=partial(heed_parent, os.getpid()),  # noqa: PLW1509 - we have no threads
        )
        child = Child(program=program, process=process)
        self.tell_guard(str(process.pid))
        self.selector.register(child.pipe(), selectors.EVENT_READ, child)
        self.children.append(child)
        return child

    def tell_guard(self, word: str) -> None:
        """Let the guard know, unless somebody has killed it."""
        if self.guard.stdin is None or self.guard.poll() is not None:
            return
        try:
            self.guard.stdin.write(f"{word}\n".encode())
            self.guard.stdin.flush()
        except BrokenPipeError:
            return

    def heed_signals(self) -> None:
        """Ctrl-C, a terminal closed and a polite kill all mean: stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.ask_to_stop)

    def ask_to_stop(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        """Remember that we were asked; the loop sees it within a moment."""
        self.is_stopping = True

    def listen(self, seconds: float) -> None:
        """Pass on what the children say for at most so long."""
        for key, _ in self.selector.select(seconds):
            child: Child = key.data
            chunk = os.read(child.pipe().fileno(), 65536)
            if chunk == b"":
                self.selector.unregister(child.pipe())
                chunk = b"\n" if child.unfinished else b""
            *lines, child.unfinished = (child.unfinished + chunk).split(b"\n")
            for line in lines:
                self.say(f"{child.program.name:<8}| {line.decode(errors='replace').rstrip()}")
        if not self.selector.get_map():
            time.sleep(min(seconds, 0.05))

    def ended(self) -> Child | None:
        """The first child that is no longer there."""
        return next((child for child in self.children if child.process.poll() is not None), None)

    def stop(self) -> bool:
        """End everybody; true when nobody had to be killed."""
        for child in self.children:
            child.process.poll()
        politely = stop_groups(
            [child.process.pid for child in self.children],
            grace_seconds=self.grace_seconds,
            meanwhile=self.listen,
        )
        self.listen(0)
        self.tell_guard("done")
        if self.guard.stdin is not None:
            self.guard.stdin.close()
        self.guard.wait()
        for child in self.children:
            child.process.wait()
            child.pipe().close()
        self.selector.close()
        return politely


if __name__ == "__main__":
    guard(sys.stdin, grace_seconds=float(sys.argv[1]))
