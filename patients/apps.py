"""Start-up of patients."""

from django.apps import AppConfig


class PatientsConfig(AppConfig):
    """Patients."""

    name = "patients"
    verbose_name = "患者"

    def ready(self) -> None:
        """Put one's own page among the phone's tabs."""
        from accounts.frames import staff_home
        from patients.frames import my_tab, phone_tabs
        from patients.proxy_pages import proxy_links

        phone_tabs.answered_by(my_tab)
        staff_home.answered_by(proxy_links)
