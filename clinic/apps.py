"""Start-up of the clinic."""

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    """Departments, doctors, rooms, beds, prices."""

    name = "clinic"
    verbose_name = "科室"

    def ready(self) -> None:
        """Register the answers."""
        from accounts.asking import after_service_ends
        from accounts.frames import staff_home
        from clinic.actions.assign import end_with_service
        from clinic.people_pages import people_links

        after_service_ends.answered_by(end_with_service)
        staff_home.answered_by(people_links)
