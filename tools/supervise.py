"""Everything `make run` starts, as one thing that starts and stops together.

    python -m tools.supervise [--port 8000] [--sandbox-port 8790] [--mllp-port 2575]

Exit status: 0 when asked to stop, 1 when a part of it died or never became ready.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tools.processes import ROOT, Family, Program

HOST = "127.0.0.1"
HOSPITAL = "demo"  # the one that load_demonstration opens
SWEEP_SECONDS = "2"
READY_SECONDS = 90  # a cold start on a small machine takes ten
VAR = Path(os.environ.get("ZHENCHENG_VAR") or ROOT / "var")
DEMONSTRATION = VAR / "demonstration.json"  # load_demonstration writes it
MANAGE = (sys.executable, "manage.py")
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback needs no proxy


def say(line: str) -> None:
    """One line for whoever started us."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def free_port(wanted: int) -> int:
    """The wanted port, or the next one nobody listens on."""
    for port in range(wanted, wanted + 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise SystemExit(f"No free port between {wanted} and {wanted + 99}.")


@dataclass(frozen=True)
class House:
    """Which ports the house uses, and what follows from them."""

    port: int
    sandbox_port: int
    mllp_port: int
    clock: str = ""  # the file that everybody's clock follows; empty means real time

    @property
    def url(self) -> str:
        """Where people open it."""
        return f"http://{HOST}:{self.port}"

    @property
    def sandbox_url(self) -> str:
        """Where the stand-ins for the outside world answer."""
        return f"http://{HOST}:{self.sandbox_port}"

    @property
    def environment(self) -> dict[str, str]:
        """What every part is told."""
        return {
            "DJANGO_SETTINGS_MODULE": os.environ.get(
                "DJANGO_SETTINGS_MODULE", "config.settings.development"
            ),
            "ZHENCHENG_PUBLIC_URL": self.url,
            "ZHENCHENG_WECHAT_API_URL": self.sandbox_url,
            "ZHENCHENG_WECHAT_PAY_URL": self.sandbox_url,
            "ZHENCHENG_SHELL_PAY_URL": f"{self.sandbox_url}/phone/pay",
            "ZHENCHENG_DOCUMENT_CHECK_URL": self.sandbox_url,
            "ZHENCHENG_MLLP_PORT": str(self.mllp_port),
        }

    def sandbox(self, verb: str) -> list[str]:
        """A command of the sandbox."""
        more = ["--port", str(self.sandbox_port), "--product", self.url]
        if verb == "serve" and self.clock:
            more += ["--clock", self.clock]
        return [sys.executable, "-m", "sandbox", verb, "--home", str(VAR / "sandbox"), *more]

    def preparations(self) -> list[Program]:
        """What must have ended well before anything starts; each may be repeated."""
        return [
            Program("tables", [*MANAGE, "migrate", "--verbosity", "0"], self.environment),
            Program("cache", [*MANAGE, "createcachetable"], self.environment),
            Program("keys", self.sandbox("keys"), self.environment),
            Program("seal", [*MANAGE, "make_demonstration_keys"], self.environment),
            Program("hospital", [*MANAGE, "load_demonstration"], self.environment),
        ]

    def programs(self) -> list[Program]:
        """The parts, in the order they start."""
        served = ["config.asgi:application", "--host", HOST, "--port", str(self.port)]
        quiet = ["--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "5"]
        web = [sys.executable, "-m", "uvicorn", *served, *quiet]
        return [
            Program("sandbox", self.sandbox("serve"), self.environment),
            Program("web", web, self.environment),
            Program("worker", [*MANAGE, "qcluster"], self.environment),
            Program("sweeper", [*MANAGE, "sweep", "--every", SWEEP_SECONDS], self.environment),
            Program("mllp", [*MANAGE, "mllp", HOSPITAL], self.environment),
        ]


def prepare(steps: Sequence[Program]) -> bool:
    """Run the steps one after the other; false at the first that fails."""
    for step in steps:
        begun = time.monotonic()
        ended = subprocess.run(  # noqa: S603 - commands come from our own code
            list(step.command),
            cwd=ROOT,
            env={**os.environ, **step.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if ended.returncode:
            say(f"{ended.stdout}{step.name} failed ({ended.returncode}).")
            return False
        say(f"{step.name:<8}| ready after {time.monotonic() - begun:.1f} s")
    return True


def is_ready(url: str) -> bool:
    """Whether the address answers 200 by now."""
    try:
        with OPENER.open(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def greeting(house: House, *, file: Path) -> list[str]:
    """Where to go, and as whom."""
    lines = ["", f"诊程 Zhencheng is ready: {house.url}/", f"Sandbox 沙盒: {house.sandbox_url}/"]
    lines.append(f"HL7 v2 by MLLP 院内系统: {HOST}:{house.mllp_port}")
    if file.exists():
        told = json.loads(file.read_text(encoding="utf-8"))
        if told.get("phone_url"):
            _, _, *rest = urlsplit(told["phone_url"])  # written before the port was known
            lines.append(
                f"A patient's phone 手机: {house.sandbox_url}{urlunsplit(('', '', *rest))}"
            )
        lines += ["", "Demonstration logins 演示账号:"]
        lines += [
            f"  {one['who']}: {one['username']} / {one['password']}  {house.url}{one['page']}"
            for one in told.get("logins", [])
        ]
    return [*lines, "", "Ctrl-C stops everything.", ""]


def wait_until_ready(family: Family, url: str, *, seconds: float) -> bool:
    """Whether the address answered 200 in time, with everybody still there."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and not family.is_stopping and family.ended() is None:
        if is_ready(url):
            return True
        family.listen(0.3)
    return False


def live_together(family: Family) -> int:
    """Pass on what they say until one ends or somebody asks us to stop."""
    while not family.is_stopping:
        family.listen(0.3)
        ended = family.ended()
        if ended is not None and not family.is_stopping:
            say(f"{ended.program.name} ended ({ended.process.returncode}); stopping the others.")
            return 1
    return 0


def supervise(
    parts: Sequence[Program], *, ready_url: str, welcome: Sequence[str], grace_seconds: float = 10
) -> int:
    """Run the parts until somebody asks us to stop or one of them ends."""
    family = Family(say=say, grace_seconds=grace_seconds)
    family.heed_signals()
    status = 1
    try:
        for part in parts:
            family.start(part)
        if wait_until_ready(family, ready_url, seconds=READY_SECONDS):
            for line in welcome:
                say(line)
        elif not family.is_stopping and family.ended() is None:
            say(f"{ready_url} did not answer 200 within {READY_SECONDS} s.")
            return status
        status = live_together(family)
    except BrokenPipeError:  # whoever listened to us has gone
        family.say = lambda _line: None
    finally:
        family.stop()
    say("Stopped.")
    return status


def main(arguments: Sequence[str] | None = None) -> int:
    """Find free ports and run the house on them."""
    parser = argparse.ArgumentParser(prog="supervise", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--sandbox-port", type=int, default=8790)
    parser.add_argument("--mllp-port", type=int, default=2575)
    options = parser.parse_args(arguments)
    wanted = (options.port, options.sandbox_port, options.mllp_port)
    clock = os.environ.get("ZHENCHENG_CLOCK_FILE", "")
    port, sandbox_port, mllp_port = (free_port(port) for port in wanted)
    house = House(port, sandbox_port, mllp_port, clock=clock)
    if not prepare(house.preparations()):
        return 1
    return supervise(
        house.programs(),
        ready_url=f"{house.url}/healthz",
        welcome=greeting(house, file=DEMONSTRATION),
    )


if __name__ == "__main__":
    raise SystemExit(main())
