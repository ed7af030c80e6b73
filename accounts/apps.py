"""Start-up of accounts."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts."""

    name = "accounts"
    verbose_name = "账户"

    def ready(self) -> None:
        """Let the OpenAPI document know how callers prove themselves; devices and badges."""
        import_module("accounts.schema")
        from accounts.actions.badge import let_badge_die
        from accounts.asking import after_service_ends
        from accounts.device_desk import links_of
        from accounts.frames import staff_home
        from accounts.logins import still_open
        from common.live import open_logins

        staff_home.answered_by(links_of)
        after_service_ends.answered_by(let_badge_die)
        open_logins.answered_by("every", still_open)
