"""Start-up of the wiring: the timers, once every app is ready."""

from django.apps import AppConfig


class WiringConfig(AppConfig):
    """The wiring itself; listed last."""

    name = "config"

    def ready(self) -> None:
        """List the timers."""
        import config.schedules  # noqa: F401 - importing it lists them
