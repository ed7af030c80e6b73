"""Production's settings on loopback, before Django starts."""

import os
import secrets
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "postgres://postgres@127.0.0.1:5432/zhencheng_bench"


def start_django() -> None:
    """Set what the environment leaves open, for this process and the servers it starts."""
    var = ROOT / "var" / "bench"
    var.mkdir(parents=True, exist_ok=True)
    (var / "static").mkdir(exist_ok=True)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.rehearsal"
    os.environ.setdefault("DATABASE_URL", DATABASE)
    os.environ.setdefault("ZHENCHENG_SECRET_KEY", secrets.token_urlsafe(50))
    os.environ.setdefault("ZHENCHENG_VAR", str(var))
    os.environ.setdefault("PYTHONPATH", str(ROOT))
    django.setup()


def fresh_database() -> None:
    """Make the bench's database anew: the name in DATABASE_URL must say that it is a bench's."""
    name = str(settings.DATABASES["default"]["NAME"])
    if not name.endswith("_bench"):
        raise SystemExit("DATABASE_URL must name a database that ends with _bench.")
    connections["default"].close()
    with connections["default"]._nodb_cursor() as cursor:  # noqa: SLF001 - as Django's test runner does
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')


def fresh_house() -> None:
    """An empty, migrated database."""
    fresh_database()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
