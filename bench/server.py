"""Production's HTTP server, started for a bench and stopped by its process group."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

WORKERS, THREADS = 2, 4  # the layout of hot-path.md
PORT = 18080  # below the ports that a client's sockets take
READY_SECONDS = 30
TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def production_server() -> Iterator[int]:
    """granian as a WSGI server; yields its process group."""
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(PORT),
        "--workers",
        str(WORKERS),
        "--blocking-threads",
        str(THREADS),
        "--no-ws",
        "--log-level",
        "error",
        "config.wsgi:application",
    ]
    server = subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own command
    try:
        _await_ready()
        yield server.pid
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _await_ready() -> None:
    ends = time.monotonic() + READY_SECONDS
    while time.monotonic() < ends:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("The server did not become ready.")


def cpu_seconds(group: int) -> float:
    """What the server's group and this database's backends have used so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        backends = {row[0] for row in cursor.fetchall()}
    total = 0.0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            total += _used(entry, group=group, backends=backends)
    return total


def _used(process: Path, *, group: int, backends: set[int]) -> float:
    try:
        fields = (process / "stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return 0.0
    is_ours = int(fields[2]) == group or int(process.name) in backends
    return (int(fields[11]) + int(fields[12])) / TICKS if is_ours else 0.0
