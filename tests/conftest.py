"""What every test stands on: a frozen clock, and real data where it is."""

import os
from collections.abc import Generator, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from playwright.sync_api import Browser, sync_playwright

from accounts.throttles import forget_counts
from common import clock
from common.crypto import forget_indexes
from hospitals.policy import forget_policies
from hospitals.views import forget_remembered

CHROMIUM = "/usr/bin/chromium"
ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"
MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=clock.HOSPITAL_ZONE)  # a Monday, before the rush

# A stateful test is one example of many steps; its speed says nothing about the code.
_TOLERANT = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile(
    "ci",
    max_examples=50,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=_TOLERANT,
)
settings.register_profile(
    "long",
    max_examples=200,
    stateful_step_count=30,
    deadline=None,
    print_blob=True,
    suppress_health_check=_TOLERANT,
)
settings.register_profile(
    "planted",  # to find a bug that is there, not to tell it shortly
    parent=settings.get_profile("ci"),
    phases=[Phase.generate],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(autouse=True)
def frozen_clock() -> Iterator[None]:
    """Monday morning, eight o'clock; move on with `clock.shift`."""
    with clock.freeze(MORNING):
        yield


@pytest.fixture(autouse=True)
def forget_hospitals() -> Iterator[None]:
    """Drop what the process remembers of hospitals that another test made."""
    forget_indexes()
    forget_remembered()
    forget_policies()
    forget_counts()
    cache.clear()
    yield
    forget_remembered()
    forget_policies()


@pytest.fixture(autouse=True)
def sealed_tables_can_be_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that commits on SQLite leaves no sealed row: triggers refuse Django's DELETE."""
    marker = request.node.get_closest_marker("django_db")
    asks = {"transactional_db", "live_server"} & set(request.fixturenames)
    does_commit = bool(asks) or (marker is not None and marker.kwargs.get("transaction", False))
    if does_commit and connection.vendor == "sqlite":
        request.getfixturevalue("transactional_db")
        yield
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            for table in sorted({table for _, table, _ in triggers}):
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
            for _, _, sql in triggers:
                cursor.execute(sql)
    else:
        yield


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's, one for all tests of a file."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def shared_data() -> Path:
    """The hospital's real files; the test also carries the mark `data`."""
    if not SHARED_DATA.is_dir():
        pytest.skip("../shared/data is not here: it is never committed, and a clone may lack it")
    return SHARED_DATA


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """Keep PostgreSQL's test database when asked; SQLite's is a file of one run."""
    if connection.vendor == "sqlite":
        return False
    return bool(request.config.getvalue("reuse_db"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """A SQLite file of its own for each process, so that two runs never meet."""
    if connection.vendor == "sqlite":
        test = connection.settings_dict["TEST"]
        name = Path(test["NAME"])
        test["NAME"] = name.with_name(f"{name.stem}-{os.getpid()}{name.suffix}")


def pytest_configure() -> None:
    """Playwright's synchronous face keeps a loop running, which Django would refuse."""
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out what needs PostgreSQL where there is SQLite."""
    if item.get_closest_marker("pg") and connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: make test-pg")  # SQLite has no row locks to race for


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who asks for the real files carries the mark, so that the count below cannot forget one."""
    for item in items:
        if "shared_data" in getattr(item, "fixturenames", ()):
            item.add_marker("data")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Write into the report that the test used the real files (reports cross processes)."""
    report = yield
    if report.when == "call" and item.get_closest_marker("data"):
        report.user_properties.append(("used shared data", item.nodeid))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests ran on the real files."""
    reports = [r for kind in ("passed", "failed") for r in terminalreporter.stats.get(kind, [])]
    used = [r for r in reports if any(name == "used shared data" for name, _ in r.user_properties)]
    terminalreporter.write_line(f"tests that used ../shared/data: {len(used)}")
