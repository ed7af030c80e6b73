"""Start-up of the clinic."""

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    """Departments, doctors, rooms, beds, prices."""

    name = "clinic"
    verbose_name = "科室"

    def ready(self) -> None:
        """Register the answers."""
        from accounts.asking import after_service_ends
        from clinic.actions.assign import end_with_service

        after_service_ends.answered_by(end_with_service)
