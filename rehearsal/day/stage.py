"""Production's processes on loopback, on a fresh database, with everything that they need."""

import json
import secrets
import shutil
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import redis
from psycopg import sql

from rehearsal.day.pace import Pace
from tools.processes import Family, Program
from tools.supervise import prepare

HOST = "127.0.0.1"
DATABASE = "zhencheng_rehearsal"
READY_SECONDS = 120.0  # a busy machine takes a minute
STEP_SECONDS = "240"  # the longest preparation
WEB_PORT, LIVE_PORT, SANDBOX_PORT, MLLP_PORT = 18300, 18301, 18302, 18303
CODE = "demo"
MANAGE = (sys.executable, "manage.py")


class StageTrouble(Exception):
    """The stage could not be set; the message says where to look."""


@dataclass
class Stage:
    """Where everything is, and who is registered outside."""

    home: Path
    pace: Pace
    server_url: str  # PostgreSQL, without a database
    redis_url: str
    credentials: dict[str, Any] = field(default_factory=dict)
    logins: dict[str, dict[str, str]] = field(default_factory=dict)
    fhir_key: str = ""
    family: Family | None = None

    @property
    def has_fallen(self) -> bool:
        """Somebody asked us to stop, or a process ended by itself."""
        family = self.family
        return family is None or family.is_stopping or family.ended() is not None

    @property
    def web(self) -> str:
        """HTTP."""
        return f"http://{HOST}:{WEB_PORT}"

    @property
    def live(self) -> str:
        """Websockets."""
        return f"ws://{HOST}:{LIVE_PORT}/ws/v1/{CODE}/"

    @property
    def origin(self) -> str:
        """As a proxy would show one address for both; the websockets' own stands for it."""
        return f"http://{HOST}:{LIVE_PORT}"

    @property
    def sandbox(self) -> str:
        """The outside world."""
        return f"http://{HOST}:{SANDBOX_PORT}"

    @property
    def api(self) -> str:
        """The hospital's API."""
        return f"{self.web}/api/v1/hospitals/{CODE}"

    @property
    def database_url(self) -> str:
        """The day's own database."""
        return f"{self.server_url}/{DATABASE}"

    def environment(self, secret: str) -> dict[str, str]:
        """What every process is told."""
        return {
            "DJANGO_SETTINGS_MODULE": "config.settings.rehearsal",
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "ZHENCHENG_SECRET_KEY": secret,
            "ZHENCHENG_VAR": str(self.home),
            "ZHENCHENG_KEYS_FILE": "",
            "ZHENCHENG_CLOCK_FILE": str(self.pace.file),
            "ZHENCHENG_PUBLIC_URL": self.web,
            "ZHENCHENG_WECHAT_API_URL": self.sandbox,
            "ZHENCHENG_WECHAT_PAY_URL": self.sandbox,
            "ZHENCHENG_SHELL_PAY_URL": f"{self.sandbox}/phone/pay",
            "ZHENCHENG_DOCUMENT_CHECK_URL": self.sandbox,
            "ZHENCHENG_MLLP_PORT": str(MLLP_PORT),
            "NO_PROXY": "127.0.0.1,localhost",
        }

    def sandbox_command(self, verb: str) -> list[str]:
        """The outside world's own command."""
        home = ["--home", str(self.home / "sandbox")]
        clock = ["--clock", str(self.pace.file)] if verb == "serve" else []
        ports = ["--port", str(SANDBOX_PORT), "--product", self.web]
        return [sys.executable, "-m", "sandbox", verb, *home, *ports, *clock]

    def programs(self, environment: dict[str, str]) -> list[Program]:
        """The parts, in the order they start."""
        granian = ["--interface", "wsgi", "--host", HOST, "--port", str(WEB_PORT), "--no-ws"]
        granian += ["--workers", "1", "--blocking-threads", "6", "--log-level", "error"]
        uvicorn = ["config.asgi:application", "--host", HOST, "--port", str(LIVE_PORT)]
        uvicorn += ["--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "3"]
        python = [sys.executable, "-m"]
        commands = {
            "sandbox": self.sandbox_command("serve"),
            "web": [*python, "granian", *granian, "config.wsgi:application"],
            "live": [*python, "uvicorn", *uvicorn],
            "worker": [*MANAGE, "qcluster"],
            "sweeper": [*MANAGE, "sweep", "--every", "1"],
            "mllp": [*MANAGE, "mllp", CODE],
        }
        return [Program(name, command, environment) for name, command in commands.items()]


@contextmanager
def set_stage(stage: Stage, *, people: int, say: Any, alone: bool) -> Iterator[Stage]:
    """The stage stands while the block runs; afterwards nothing of it does."""
    environment = stage.environment(secrets.token_urlsafe(50))
    fresh_database(stage.server_url, name=DATABASE)
    redis.Redis.from_url(stage.redis_url).flushdb()
    for name, command in _preparations(stage, alone=alone):
        bounded = ["timeout", "--kill-after=5", STEP_SECONDS, *command]
        if not prepare([Program(name, bounded, environment)]):
            raise StageTrouble("The stage is not set.")
        if name == "keys":
            _add_people(stage, people)
    told = json.loads((stage.home / "demonstration.json").read_text(encoding="utf-8"))
    stage.logins = {one["username"]: one for one in told["logins"]}
    stage.fhir_key = told["fhir_key"]
    log = (stage.home / "processes.log").open("w", encoding="utf-8")
    family = stage.family = Family(say=lambda line: _note(log, line), grace_seconds=8)
    family.heed_signals()
    listener = threading.Thread(target=_listen, args=(family,), daemon=True)
    try:
        for program in stage.programs(environment):
            family.start(program)
        listener.start()
        say("processes")
        _await_ready(stage, family)
        yield stage
    finally:
        family.is_stopping = True
        if listener.is_alive():
            listener.join(timeout=5)
        family.stop()
        log.close()


def _note(log: Any, line: str) -> None:
    log.write(line + "\n")
    log.flush()


def _listen(family: Family) -> None:
    while not family.is_stopping:
        family.listen(0.2)


def _preparations(stage: Stage, *, alone: bool) -> list[tuple[str, Sequence[str]]]:
    demonstration = [*MANAGE, "load_demonstration", *(["--alone"] if alone else [])]
    return [
        ("tables", [*MANAGE, "migrate", "--verbosity", "0"]),
        ("keys", stage.sandbox_command("keys")),
        ("hospital", demonstration),
        ("timers", [*MANAGE, "set_timers"]),
    ]


def _add_people(stage: Stage, people: int) -> None:
    """The outside world knows as many people with phones as will come."""
    file = stage.home / "sandbox" / "credentials.json"
    told = json.loads(file.read_text(encoding="utf-8"))
    told["people"] = [
        {"openid": f"o{secrets.token_hex(13)}r", "name": f"演练{n}", "phone": f"1980000{n:04d}"}
        for n in range(people)
    ]
    file.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    stage.credentials = told


def fresh_home(home: Path) -> None:
    """An empty folder; what an earlier day left is gone."""
    shutil.rmtree(home, ignore_errors=True)
    (home / "static").mkdir(parents=True)


def fresh_database(server_url: str, *, name: str) -> None:
    """The day's database, made anew."""
    with psycopg.connect(f"{server_url}/postgres", autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _await_ready(stage: Stage, family: Family) -> None:
    """Both servers and the outside world answer. Raises StageTrouble."""
    wanted = [f"{stage.web}/healthz", f"{stage.sandbox}/healthz"]
    wanted.append(f"http://{HOST}:{LIVE_PORT}/healthz")
    ends = time.monotonic() + READY_SECONDS
    while wanted:
        ended = family.ended()
        if ended is not None or family.is_stopping or time.monotonic() > ends:
            name = ended.program.name if ended else wanted[0]
            raise StageTrouble(f"{name} is not ready; see {stage.home / 'processes.log'}.")
        wanted = [url for url in wanted if not _answers(url)]
        time.sleep(0.2)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=3, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False
