"""A grant ends at once: the patient takes it back, or who held it gives it up."""

from uuid import UUID

from accounts.models import Account
from common import clock
from common.commands import action
from hospitals.models import Hospital
from patients.errors import GrantUnknown, OwnGrantKept
from patients.granting import tell_of_rights
from patients.models import Grant, Relation
from patients.requests import decides_for


@action
def revoke_grant(*, account: Account, hospital: Hospital, grant_id: UUID) -> Grant:
    """The grant allows nothing any more, and its open sockets close. Again changes nothing.

    By the patient's own account, a guardian's of under 14, or the account that holds it. Raises
    GrantUnknown, OwnGrantKept.
    """
    rows = Grant.objects.filter(hospital=hospital, pk=grant_id)
    grant = rows.select_related("patient").first()
    is_holder = grant is not None and grant.account_id == account.pk
    if grant is None or not (is_holder or decides_for(account.pk, grant.patient)):
        raise GrantUnknown(grant_id=grant_id)
    if grant.relation == Relation.SELF:
        raise OwnGrantKept

    if rows.filter(ended_at=None).take(ended_at=clock.now()):
        grant.ended_at = clock.now()
        tell_of_rights(hospital.pk, grant.patient_id)
    return grant
