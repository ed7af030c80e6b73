"""Papers at start-up."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class PapersConfig(AppConfig):
    """Registers nothing with other apps: nobody below answers for papers."""

    name = "papers"
    verbose_name = "文书"

    def ready(self) -> None:
        """Let every management command look at the seal first."""
        from papers.checks import check_seal

        register(check_seal, Tags.security)
