"""Start-up of the house."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """The house itself."""

    name = "common"
