"""Timers and nudges."""

import contextlib

import pytest
from django.core.management import call_command
from django_q.models import OrmQ, Schedule

from common.commands import command
from common.jobs import nudge, run_sweep, timers


@pytest.mark.django_db
def test_a_command_nudges_a_sweep_once_and_only_if_it_commits() -> None:
    with command():
        nudge("lapse_holds")
        nudge("lapse_holds")
    with contextlib.suppress(KeyError), command():
        nudge("lapse_holds")
        raise KeyError("changed my mind")

    assert OrmQ.objects.count() == 1


def test_a_nudge_needs_a_command() -> None:
    with pytest.raises(RuntimeError, match="inside an action"):
        nudge("lapse_holds")


@pytest.mark.django_db
def test_every_timer_runs_on_an_empty_hospital() -> None:
    assert [run_sweep(timer.name) for timer in timers()] == [0] * len(timers())


@pytest.mark.django_db
def test_setting_the_timers_twice_is_setting_them_once() -> None:
    call_command("set_timers")
    Schedule.objects.create(name="sweep of_old", func="x", schedule_type=Schedule.MINUTES)

    call_command("set_timers")

    names = set(Schedule.objects.values_list("name", flat=True))
    assert names == {f"sweep {timer.name}" for timer in timers()}
