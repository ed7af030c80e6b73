"""Start-up of the rehearsal."""

from django.apps import AppConfig


class RehearsalConfig(AppConfig):
    """The demonstration hospital."""

    name = "rehearsal"
    verbose_name = "演练"
