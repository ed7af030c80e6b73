"""Start-up of patients."""

from django.apps import AppConfig


class PatientsConfig(AppConfig):
    """Patients."""

    name = "patients"
    verbose_name = "患者"

    def ready(self) -> None:
        """Put one's own page among the phone's tabs."""
        from patients.frames import my_tab, phone_tabs

        phone_tabs.answered_by(my_tab)
