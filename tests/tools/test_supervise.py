"""What `make run` starts stops together, however it is stopped."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools.processes import Program
from tools.supervise import House, free_port, greeting, prepare

PATIENCE_SECONDS = 30  # how long a slow machine may take; a healthy one needs one
DRIVER = """
import sys
from tools.processes import Program
from tools.supervise import supervise
fifo, port, *kinds = sys.argv[1:]
fake = [sys.executable, "-m", "tests.tools.fake_part"]
parts = [Program(f"part{n}", [*fake, kind, fifo, port]) for n, kind in enumerate(kinds)]
raise SystemExit(supervise(
    parts, ready_url=f"http://127.0.0.1:{port}/healthz", welcome=["WELCOME"], grace_seconds=2))
"""


@dataclass
class Run:
    """A supervisor with its parts, and the end of the FIFO that tells when all are gone."""

    supervisor: subprocess.Popen[str]
    fifo: int

    def read_until(self, *words: str) -> list[str]:
        """Its lines until each of the words was in one."""
        lines: list[str] = []
        while not all(any(word in line for line in lines) for word in words):
            line = self.line()
            assert line, lines
            lines.append(line)
        return lines

    def line(self) -> str:
        """Its next line, empty at the end."""
        assert self.supervisor.stdout is not None
        return self.supervisor.stdout.readline()

    def everybody_is_gone(self) -> bool:
        """Whether the last holder of the FIFO ended in time."""
        readable, _, _ = select.select([self.fifo], [], [], PATIENCE_SECONDS)
        return bool(readable) and os.read(self.fifo, 1) == b""

    def pid_of(self, kind: str, lines: list[str]) -> int:
        """The number a part told us in its first line."""
        (line,) = (line for line in lines if line.rstrip().endswith(kind))
        return int(line.split("pid ")[1].split()[0])


def unused_port() -> int:
    """A port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(tmp_path: Path, *kinds: str) -> Run:
    """Start a supervisor over parts of these kinds."""
    fifo = tmp_path / "alive"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    supervisor = subprocess.Popen(  # noqa: S603 - our own driver
        [sys.executable, "-c", DRIVER, str(fifo), str(unused_port()), *kinds],
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    return Run(supervisor=supervisor, fifo=reader)


@pytest.fixture
def runs() -> Iterator[list[Run]]:
    """The runs of a test, ended whatever happened."""
    kept: list[Run] = []
    yield kept
    for one in kept:
        one.supervisor.kill()
        one.supervisor.wait()
        assert one.supervisor.stdout is not None
        one.supervisor.stdout.close()
        os.close(one.fifo)


def test_all_parts_stop_together_when_asked(tmp_path: Path, runs: list[Run]) -> None:
    house = run(tmp_path, "ready", "parent of a stubborn child")
    runs.append(house)
    house.read_until("WELCOME", "the stubborn child")

    house.supervisor.send_signal(signal.SIGTERM)

    assert house.supervisor.wait(PATIENCE_SECONDS) == 0
    assert house.everybody_is_gone()


def test_ctrl_c_is_a_clean_stop(tmp_path: Path, runs: list[Run]) -> None:
    house = run(tmp_path, "ready")
    runs.append(house)
    house.read_until("WELCOME")

    house.supervisor.send_signal(signal.SIGINT)

    assert house.supervisor.wait(PATIENCE_SECONDS) == 0
    assert house.everybody_is_gone()


def test_one_part_that_dies_takes_the_others_with_it(tmp_path: Path, runs: list[Run]) -> None:
    house = run(tmp_path, "ready", "dies when told", "stubborn")
    runs.append(house)
    said = house.read_until("WELCOME", "dies when told", "stubborn")

    os.kill(house.pid_of("dies when told", said), signal.SIGUSR1)

    assert house.supervisor.wait(PATIENCE_SECONDS) == 1
    assert house.everybody_is_gone()
    assert any("part1 ended (3)" in line for line in house.read_until("Stopped."))


def test_nobody_outlives_a_supervisor_that_is_killed(tmp_path: Path, runs: list[Run]) -> None:
    house = run(tmp_path, "ready", "parent of a stubborn child", "stubborn")
    runs.append(house)
    house.read_until("WELCOME", " stubborn\n", "the stubborn child")

    house.supervisor.kill()

    assert house.everybody_is_gone()


def test_a_part_that_never_gets_ready_but_ends_is_a_failure(
    tmp_path: Path, runs: list[Run]
) -> None:
    house = run(tmp_path, "dies when told")
    runs.append(house)
    said = house.read_until("dies when told")

    os.kill(house.pid_of("dies when told", said), signal.SIGUSR1)

    assert house.supervisor.wait(PATIENCE_SECONDS) == 1
    assert house.everybody_is_gone()


def test_lines_carry_the_name_of_their_part(tmp_path: Path, runs: list[Run]) -> None:
    house = run(tmp_path, "ready")
    runs.append(house)

    assert "part0   | I answer\n" in house.read_until("WELCOME")


def test_a_taken_port_yields_the_next_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wanted = taken.getsockname()[1]

        assert wanted < free_port(wanted) < wanted + 100


def test_the_greeting_names_addresses_and_logins(tmp_path: Path) -> None:
    file = tmp_path / "demonstration.json"
    login = {"who": "医生", "username": "doctor", "password": "pw", "page": "/m/D/doctor/"}
    told = {"logins": [login], "phone_url": "http://127.0.0.1:8790/phone/?secret=s"}
    file.write_text(json.dumps(told), encoding="utf-8")

    lines = greeting(House(8001, 8791, 2576), file=file)

    assert "  医生: doctor / pw  http://127.0.0.1:8001/m/D/doctor/" in lines
    assert any("http://127.0.0.1:8791/phone/?secret=s" in line for line in lines)


def test_the_outside_world_follows_the_clock_of_the_house() -> None:
    moved = House(8000, 8790, 2575, clock="var/clock.json")

    assert moved.sandbox("serve")[-2:] == ["--clock", "var/clock.json"]
    assert "--clock" not in moved.sandbox("keys")
    assert "--clock" not in House(8000, 8790, 2575).sandbox("serve")


def test_the_parts_are_told_where_the_sandbox_listens() -> None:
    parts = House(8005, 8795, 2575).programs()

    assert [part.name for part in parts] == ["sandbox", "web", "worker", "sweeper", "mllp"]
    assert {part.environment["ZHENCHENG_WECHAT_PAY_URL"] for part in parts} == {
        "http://127.0.0.1:8795"
    }


def test_a_preparation_that_fails_ends_the_preparing(tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    fails = Program("fails", [sys.executable, "-c", "raise SystemExit(2)"])
    touches = Program("touches", [sys.executable, "-c", f"open({str(touched)!r}, 'w')"])

    assert prepare([fails, touches]) is False
    assert not touched.exists()
    assert prepare([touches]) is True
    assert touched.exists()
