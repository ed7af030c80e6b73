"""`manage.py set_timers`: let the workers sweep at each timer's interval."""

from typing import Any

from django.core.management.base import BaseCommand
from django_q.models import Schedule

from common.jobs import timers


class Command(BaseCommand):
    """Keeps the workers' schedule equal to `config/schedules.py`. Safe to repeat."""

    help = "Write one schedule row for each timer, and remove those that no longer exist."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Make, change and remove rows."""
        names = []
        for timer in timers():
            names.append(f"sweep {timer.name}")
            Schedule.objects.update_or_create(
                name=names[-1],
                defaults={
                    "func": "common.jobs.run_sweep",
                    "args": f"'{timer.name}'",
                    "schedule_type": Schedule.MINUTES,
                    "minutes": max(1, timer.every_seconds // 60),
                    "repeats": -1,
                },
            )
        stale = Schedule.objects.filter(name__startswith="sweep ").exclude(name__in=names)
        stale.delete()
        self.stdout.write(f"{len(names)} timers set.")
