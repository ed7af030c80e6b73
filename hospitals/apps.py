"""Start-up of hospitals."""

from django.apps import AppConfig


class HospitalsConfig(AppConfig):
    """Hospitals and what they decide."""

    name = "hospitals"
    verbose_name = "医院"
