"""The session engine: one query reads a browser's session with its account and staff member."""

from typing import Any, cast
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

from accounts.models import PageSession
from accounts.user_agents import system_of
from common import clock

OPENED_BY = "opened_by"  # the token that brought the browser here
CARRIED = ("login_id", "system", "made_at", "used_at")


class SessionStore(db.SessionStore):
    """Django's, with the row that holds it: `row` is read once, together with whose it is.

    `user_agent` is set by who has the request.
    """

    user_agent = ""
    row: PageSession | None = None

    @classmethod
    def get_model_class(cls) -> type[PageSession]:
        """Where sessions are kept."""
        return PageSession

    def fall_with(self, login_id: UUID | None) -> None:
        """Let the session end when this token does."""
        self[OPENED_BY] = str(login_id) if login_id else ""

    def _get_session_from_db(self) -> PageSession | None:
        found = (
            PageSession.objects.select_related("account__staff__hospital")
            .filter(session_key=self.session_key, expire_date__gt=clock.real_now())
            .first()
        )
        if found is None:
            self._session_key = None
        self.row = found
        return found

    def create(self) -> None:
        """A new row under a new key; sockets opened by the old one end."""
        self.row = None
        super().create()

    def create_model_instance(self, data: dict[str, Any]) -> PageSession:
        """The row as it is to be saved; what is no session data stays as it was."""
        made = cast("PageSession", super().create_model_instance(data))
        if self.row is None:
            made.system = system_of(self.user_agent)
        else:
            for name in CARRIED:
                setattr(made, name, getattr(self.row, name))
        made.account_id = data.get(SESSION_KEY)
        made.opened_by_id = data.get(OPENED_BY) or None
        self.row = made
        return made

    def flush(self) -> None:
        """As Django's: the session is nobody's, and its row is gone."""
        super().flush()
        self.row = None
