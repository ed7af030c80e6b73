"""Production refuses what belongs to a demonstration."""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

RIGHT = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "ZHENCHENG_SECRET_KEY": "k" * 60,
    "ZHENCHENG_JOBS_SECRET": "j" * 60,
    "ZHENCHENG_HOSTS": "hospital.example",
    "DATABASE_URL": "postgres://house@db.example/house",
    "REDIS_URL": "redis://cache.example/0",
    "ZHENCHENG_KEYS_FILE": "/etc/zhencheng/master.json",
    "ZHENCHENG_PUBLIC_URL": "https://hospital.example",
    "ZHENCHENG_PAPERS_SIGNING_KEY": "/etc/zhencheng/papers.key",
    "ZHENCHENG_PAPERS_SIGNING_CERTIFICATE": "/etc/zhencheng/papers.pem",
}


def boot(**changes: str | None) -> str:
    """What loading the settings says last; empty where they load."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    wanted = {name: value for name, value in (RIGHT | changes).items() if value is not None}
    told = subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; settings.DEBUG"],
        cwd=ROOT,
        env=kept | wanted,
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stderr.strip().splitlines()[-1] if told.returncode else ""


def test_a_whole_environment_boots() -> None:
    assert boot() == ""


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"ZHENCHENG_SECRET_KEY": None}, "ZHENCHENG_SECRET_KEY"),
        ({"ZHENCHENG_SECRET_KEY": "short"}, "ZHENCHENG_SECRET_KEY"),
        ({"ZHENCHENG_JOBS_SECRET": None}, "ZHENCHENG_JOBS_SECRET"),
        ({"ZHENCHENG_JOBS_SECRET": "k" * 60}, "ZHENCHENG_JOBS_SECRET"),
        ({"DATABASE_URL": None}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///house.db"}, "postgres"),
        ({"ZHENCHENG_KEYS_FILE": None}, "ZHENCHENG_KEYS_FILE"),
        ({"ZHENCHENG_WECHAT_API_URL": "http://127.0.0.1:8790"}, "WECHAT_API_URL"),
        ({"ZHENCHENG_WECHAT_PAY_URL": "https://pay.example"}, "WECHAT_PAY_URL"),
        ({"ZHENCHENG_DOCUMENT_CHECK": "mock"}, "ZHENCHENG_DOCUMENT_CHECK"),
        ({"ZHENCHENG_DOCUMENT_CHECK_URL": "http://127.0.0.1:8790"}, "ZHENCHENG_DOCUMENT_CHECK"),
        ({"ZHENCHENG_SMS_URL": "http://127.0.0.1:8790"}, "SMS_HOSTS"),
        ({"ZHENCHENG_CLOCK_FILE": "/tmp/clock.json"}, "clock"),  # noqa: S108 - a name
        ({"ZHENCHENG_PUBLIC_URL": "http://hospital.example"}, "https"),
        ({"ZHENCHENG_HOSTS": ""}, "ZHENCHENG_HOSTS"),
    ],
)
def test_what_belongs_to_a_demonstration_stops_the_boot(
    changes: dict[str, str | None], complaint: str
) -> None:
    assert complaint in boot(**changes)
