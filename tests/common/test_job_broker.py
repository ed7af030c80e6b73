"""A job is JSON of names and ids; a row that was not written with the jobs' secret is not run."""

import ast
import json
import pickle
from typing import Any

import pytest
from django.conf import settings
from django.core import signing
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.signing import SignedPackage
from django_q.tasks import async_task

from common.commands import command
from common.ids import new_id
from common.job_broker import SALT
from common.jobs import nudge, timers
from tests.architecture.source import sources

FORGED = {
    "id": "a" * 32,
    "name": "forged",
    "func": "common.jobs.run_sweep",
    "args": ["lapse_holds"],
    "kwargs": {},
    "started": "2026-03-02T08:00:00+08:00",
}


def row_of(payload: str) -> None:
    OrmQ.objects.create(key="test", payload=payload, lock=timezone.now())


def taken() -> list[dict[str, Any]]:
    return [SignedPackage.loads(row) for _, row in get_broker("test").dequeue() or []]


def forged(**changes: Any) -> str:
    """Signed rightly, with something in it that we never write."""
    return signing.dumps(FORGED | changes, key=settings.JOBS_SECRET, salt=SALT)


@pytest.mark.django_db
def test_every_sweep_is_queued_as_json_of_its_name() -> None:
    with command():
        for timer in timers():
            nudge(timer.name)

    rows = [signing.b64_decode(one.payload.split(":")[0].encode()) for one in OrmQ.objects.all()]
    assert sorted(json.loads(row)["args"][0] for row in rows) == [one.name for one in timers()]


@pytest.mark.django_db
def test_a_job_comes_back_as_it_was_queued() -> None:
    async_task("common.jobs.run_sweep", "lapse_holds", task_name="lapse_holds")

    jobs = taken()

    assert [(job["func"], job["args"]) for job in jobs] == [
        ("common.jobs.run_sweep", ["lapse_holds"])
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "payload",
    [
        signing.dumps(FORGED, key="k" * 60, salt=SALT),
        signing.dumps(
            FORGED, key="only-for-tests-only-for-tests-only-for-tests-0123456789", salt=SALT
        ),
        SignedPackage.dumps(FORGED),
        pickle.dumps(FORGED).hex(),
        "",
    ],
    ids=["another secret", "SECRET_KEY", "django-q2's own pickle", "a bare pickle", "nothing"],
)
def test_a_forged_row_is_not_run_and_is_gone(payload: str) -> None:
    row_of(payload)

    assert taken() == []
    assert not OrmQ.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"func": "os.system"},
        {"args": ["rm -rf /"]},
        {"args": [{"name": "王建国"}]},
        {"kwargs": {"phone": "13800138000"}},
    ],
    ids=str,
)
def test_even_a_signed_row_runs_nothing_but_a_job_with_names_and_ids(
    changes: dict[str, Any],
) -> None:
    row_of(forged(**changes))

    assert taken() == []


@pytest.mark.django_db
def test_a_person_never_reaches_the_queue(caplog: pytest.LogCaptureFixture) -> None:
    async_task("common.jobs.run_sweep", "王建国")
    async_task("os.system", "true")

    assert not OrmQ.objects.exists()
    assert "王建国" not in caplog.text
    assert caplog.text.count("a job was refused") == 2


@pytest.mark.django_db
def test_an_id_is_an_argument_like_a_name() -> None:
    async_task("common.jobs.run_sweep", str(new_id()))

    assert OrmQ.objects.count() == 1


@pytest.mark.django_db
def test_what_a_forged_timer_asks_for_is_dropped_without_an_error() -> None:
    """The scheduler queues every due timer in one transaction: an error would stop them all."""
    async_task("os.system", "true", q_options={"group": "forged", "hook": "os.abort"})
    async_task("common.jobs.run_sweep", "lapse_holds", q_options={"hook": "os.abort"})

    assert [(job["args"], "hook" in job) for job in taken()] == [(["lapse_holds"], False)]


def test_the_jobs_secret_signs_what_django_q_keeps_and_is_not_djangos() -> None:
    packed = SignedPackage.dumps({"id": 1})

    assert settings.JOBS_SECRET != settings.SECRET_KEY
    assert SignedPackage.loads(packed) == {"id": 1}
    with pytest.raises(signing.BadSignature):
        signing.loads(packed, key=settings.SECRET_KEY, salt=Conf.PREFIX)


def test_only_the_house_queues_jobs() -> None:
    asking = {
        source.path
        for source in sources()
        if not source.path.startswith("tests/")
        for node in ast.walk(ast.parse(source.text))
        if isinstance(node, ast.ImportFrom) and (node.module or "") == "django_q.tasks"
    }

    assert asking == {"common/jobs.py"}
