"""Everything that `make run` starts, with a database, keys and ports of its own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from common.clock import HOSPITAL_ZONE
from tools.processes import ROOT

GREETING_ENDS = "Ctrl-C stops everything."
STOP_SECONDS = 30


@dataclass(frozen=True)
class Login:
    """How one of the staff signs in."""

    username: str
    password: str


@dataclass(frozen=True)
class House:
    """Where a newcomer finds everything, as the first lines of `make run` and its file say."""

    url: str
    sandbox_url: str
    phone_url: str
    mllp: tuple[str, int]
    fhir_key: str
    logins: dict[str, Login]
    log: Path


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def tomorrow_at_nine() -> datetime:
    """A morning on which every key of today is valid."""
    morning = datetime.fromtimestamp(time.time(), tz=UTC).astimezone(HOSPITAL_ZONE)
    return (morning + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)


def write_clock(file: Path, shown: datetime) -> date:
    """From now on the house's clock shows this time and goes on as any clock."""
    told = {"real_epoch": time.time(), "shown_epoch": shown.timestamp(), "speed": 1.0}
    file.write_text(json.dumps(told), encoding="ascii")
    return shown.date()


def environment(home: Path) -> dict[str, str]:
    """That of a terminal, with the house's own folder and clock."""
    inherited = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return {
        **inherited,
        "DJANGO_SETTINGS_MODULE": "config.settings.development",
        "ZHENCHENG_VAR": str(home),
        "ZHENCHENG_CLOCK_FILE": str(home / "clock.json"),
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def standing(home: Path) -> Iterator[House]:
    """The house stands while the block runs; afterwards nothing of it does."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    write_clock(home / "clock.json", tomorrow_at_nine())
    port, sandbox_port, mllp_port = free_ports(3)
    ports = ["--sandbox-port", str(sandbox_port), "--mllp-port", str(mllp_port)]
    process = subprocess.Popen(  # noqa: S603 - our own supervisor
        [sys.executable, "-m", "tools.supervise", "--port", str(port), *ports],
        cwd=ROOT,
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    log = home / "house.log"
    keeper = threading.Thread(target=_keep, args=(process, log))
    try:
        said = _greeting(process, log)
        keeper.start()
        yield _house(said, home=home, mllp_port=mllp_port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=STOP_SECONDS)
        if keeper.ident is not None:
            keeper.join(timeout=STOP_SECONDS)
        if process.stdout is not None:
            process.stdout.close()


def _greeting(process: subprocess.Popen[str], log: Path) -> list[str]:
    """What it says until it is ready. Raises RuntimeError where it never is."""
    said: list[str] = []
    for line in process.stdout or ():
        said.append(line.strip())
        if said[-1] == GREETING_ENDS:
            log.write_text("\n".join([*said, ""]), encoding="utf-8")
            return said
    raise RuntimeError("The house does not stand:\n" + "\n".join(said))


def _keep(process: subprocess.Popen[str], log: Path) -> None:
    """Everything it says later."""
    with log.open("a", encoding="utf-8") as file:
        for line in process.stdout or ():
            file.write(line)
            file.flush()


def _house(said: list[str], *, home: Path, mllp_port: int) -> House:
    def address(beginning: str) -> str:
        (line,) = [one for one in said if one.startswith(beginning)]
        return line[line.index("http") :]

    told = json.loads((home / "demonstration.json").read_text(encoding="utf-8"))
    url = urlsplit(address("诊程"))
    return House(
        url=f"{url.scheme}://{url.netloc}",
        sandbox_url=address("Sandbox").rstrip("/"),
        phone_url=address("A patient's phone"),
        mllp=("127.0.0.1", mllp_port),
        fhir_key=told["fhir_key"],
        logins={one["username"]: Login(one["username"], one["password"]) for one in told["logins"]},
        log=home / "house.log",
    )
