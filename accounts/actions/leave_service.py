"""Somebody stops working in the hospital (离职), and opens nothing from that moment."""

from uuid import UUID

from accounts.asking import after_service_ends
from accounts.errors import ServiceEnded
from accounts.models import Account, OneTimeTicket, SecondFactor, Staff, StaffChange, Token
from accounts.roster import Roster
from common import clock
from common.commands import action


@action
def end_service(*, staff_id: UUID, by: Staff) -> Staff:
    """The account is locked; every session, token, ticket and second factor of it has ended.

    Open sockets close at the next event or beat: their rights are asked for each time.
    Raises NotAdministrator, StaffUnknown, ServiceEnded, LastAdministrator.
    """
    roster = Roster.locked(hospital=by.hospital, by=by, staff_id=staff_id)
    staff = roster.one(staff_id)
    if staff.has_left:
        raise ServiceEnded
    roster.refuse_last_administrator(staff)

    staff.ended_at, staff.password_until = clock.now(), None
    staff.save(update_fields=["ended_at", "password_until"])
    staff.account.is_active = False
    staff.account.set_unusable_password()
    staff.account.save(update_fields=["is_active", "password"])
    shut_out(staff.account)
    SecondFactor.objects.filter(account=staff.account).delete()
    roster.note(staff, StaffChange.What.ENDED)
    after_service_ends.tell(staff)
    return staff


def shut_out(account: Account) -> None:
    """What was opened with the old password is closed.

    A session holds a digest of the password: it ends with the password that opened it.
    """
    Token.objects.filter(user=account).delete()
    OneTimeTicket.objects.filter(account=account).delete()
