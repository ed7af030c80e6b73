"""Who may call an API view about a patient."""

from accounts.permissions import ByAccount
from patients.models import Scope


class ByPatient(ByAccount):
    """A signed-in account that is not staff. For which patient, `patient_for` decides.

    `scope` names what the view asks of the grant; without one, any grant will do.
    """

    def __init__(self, scope: Scope | None = None) -> None:
        self.scope = scope
