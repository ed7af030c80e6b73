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
