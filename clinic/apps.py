"""Start-up of the clinic."""

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    """Departments, doctors, rooms, beds, prices."""

    name = "clinic"
    verbose_name = "科室"
