"""Start-up of accounts."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts."""

    name = "accounts"
    verbose_name = "账户"

    def ready(self) -> None:
        """Let the OpenAPI document know how callers prove themselves."""
        import_module("accounts.schema")
        from accounts.logins import still_open
        from common.live import open_logins

        open_logins.answered_by("every", still_open)
