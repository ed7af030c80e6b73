"""Start-up of the house."""

from django.apps import AppConfig
from django.conf import settings


class CommonConfig(AppConfig):
    """The house itself."""

    name = "common"

    def ready(self) -> None:
        """Let django-q2 sign with the jobs' own secret; it has no setting for that."""
        from django_q.conf import Conf

        Conf.SECRET_KEY = settings.JOBS_SECRET
