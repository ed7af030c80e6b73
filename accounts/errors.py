"""What accounts can refuse."""

from common.errors import DomainError, Kind


class NotStaffHere(DomainError):
    """This hospital does not know the account as its staff."""

    code = "accounts.not_staff_here"
    kind = Kind.MISSING


class AppUnknown(DomainError):
    """No mini-program of the deployment has this app id."""

    code = "accounts.app_unknown"
    kind = Kind.MISSING


class LoginRefused(DomainError):
    """WeChat does not accept the login code: ask wx.login for a new one."""

    code = "accounts.login_refused"
    kind = Kind.INVALID


class LoginUnavailable(DomainError):
    """WeChat cannot be asked just now."""

    code = "accounts.login_unavailable"
    kind = Kind.BUSY


class AccountClosed(DomainError):
    """This account was closed."""

    code = "accounts.closed"
    kind = Kind.REFUSED


class TicketUnknown(DomainError):
    """No such ticket: never made, used before, too old, or for something else."""

    code = "accounts.ticket_unknown"
    kind = Kind.UNKNOWN_CALLER


class SignInRefused(DomainError):
    """Name and password do not belong together."""

    code = "accounts.sign_in_refused"
    kind = Kind.UNKNOWN_CALLER


class SignInLocked(DomainError):
    """Too many wrong passwords: signing in is closed until a stated time."""

    code = "accounts.sign_in_locked"
    kind = Kind.REFUSED
