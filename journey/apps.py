"""Start-up of the journey: the phone's first tab and the one of the day."""

from django.apps import AppConfig


class JourneyConfig(AppConfig):
    """The patient's day."""

    name = "journey"
    verbose_name = "就医日程"

    def ready(self) -> None:
        """Register the tabs."""
        from journey.tabs import day_tabs
        from patients.frames import phone_tabs

        phone_tabs.answered_by(day_tabs)
