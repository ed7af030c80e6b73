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


class LoginUnknown(DomainError):
    """The account has no such login that is open."""

    code = "accounts.login_unknown"
    kind = Kind.MISSING


class SignInRefused(DomainError):
    """Name and password do not belong together."""

    code = "accounts.sign_in_refused"
    kind = Kind.UNKNOWN_CALLER


class SignInLocked(DomainError):
    """Too many wrong passwords: signing in is closed until a stated time."""

    code = "accounts.sign_in_locked"
    kind = Kind.REFUSED


class DeviceUnknown(DomainError):
    """This hospital has no such device."""

    code = "accounts.device_unknown"
    kind = Kind.MISSING


class DeviceNameTaken(DomainError):
    """Another device of the hospital has this name."""

    code = "accounts.device_name_taken"
    kind = Kind.CONFLICT


class EnrolmentRefused(DomainError):
    """No such enrolment code: wrong, used, too old, or tried too often."""

    code = "accounts.enrolment_refused"
    kind = Kind.UNKNOWN_CALLER


class ProofRefused(DomainError):
    """The device does not prove that it is enrolled: by its key, in time, and once."""

    code = "accounts.proof_refused"
    kind = Kind.UNKNOWN_CALLER


class BadgeRefused(DomainError):
    """Badge and PIN do not belong together."""

    code = "accounts.badge_refused"
    kind = Kind.UNKNOWN_CALLER


class BadgeLocked(DomainError):
    """Too many wrong PINs: the badge opens nothing until its owner signs in by password."""

    code = "accounts.badge_locked"
    kind = Kind.REFUSED


class BadgeUnknown(DomainError):
    """This staff member has no badge."""

    code = "accounts.badge_unknown"
    kind = Kind.MISSING


class BadgeTaken(DomainError):
    """Somebody else carries the badge with this number."""

    code = "accounts.badge_taken"
    kind = Kind.CONFLICT


class BadgeNotForRole(DomainError):
    """Badges are for work at the bedside, the desk and the counter; this role has none there."""

    code = "accounts.badge_not_for_role"
    kind = Kind.REFUSED


class PinTooEasy(DomainError):
    """The PIN is not six digits, or one that many would choose."""

    code = "accounts.pin_too_easy"
    kind = Kind.INVALID


class StaffUnknown(DomainError):
    """This hospital has no staff member with that number."""

    code = "accounts.staff_unknown"
    kind = Kind.MISSING


class NotAdministrator(DomainError):
    """Who decides about staff is an administrator of the hospital, and in service."""

    code = "accounts.not_administrator"
    kind = Kind.REFUSED


class LastAdministrator(DomainError):
    """The hospital would be left without an administrator."""

    code = "accounts.last_administrator"
    kind = Kind.CONFLICT


class NumberTaken(DomainError):
    """Somebody of the hospital has this staff number, or had it."""

    code = "accounts.number_taken"
    kind = Kind.CONFLICT


class ServiceEnded(DomainError):
    """This staff member has left."""

    code = "accounts.service_ended"
    kind = Kind.CONFLICT


class StillInService(DomainError):
    """This staff member has not left."""

    code = "accounts.still_in_service"
    kind = Kind.CONFLICT


class PasswordWeak(DomainError):
    """The new password is too short, too common, or too like the name: `reasons` says which."""

    code = "accounts.password_weak"
    kind = Kind.INVALID


class PasswordOver(DomainError):
    """The one-time password was right, but its time is over: ask for a new one."""

    code = "accounts.password_over"
    kind = Kind.REFUSED


class PasswordChangeNeeded(DomainError):
    """The password is a one-time one: choose your own first."""

    code = "accounts.password_change_needed"
    kind = Kind.REFUSED


class SecondFactorNeeded(DomainError):
    """This act, or this place, asks for the second factor first."""

    code = "accounts.second_factor_needed"
    kind = Kind.REFUSED


class SecondFactorUnknown(DomainError):
    """No second factor is bound to this account."""

    code = "accounts.second_factor_unknown"
    kind = Kind.CONFLICT


class SecondFactorThere(DomainError):
    """A second factor is bound already: an administrator removes it first."""

    code = "accounts.second_factor_there"
    kind = Kind.CONFLICT


class CodeRefused(DomainError):
    """The code is wrong, too old, or was used before."""

    code = "accounts.code_refused"
    kind = Kind.INVALID


class PushForged(DomainError):
    """The push was not sent by WeChat for this mini-program, or not just now."""

    code = "accounts.push_forged"
    kind = Kind.REFUSED


class PushUnreadable(DomainError):
    """The push is WeChat's, and says nothing that can be read: `field` says where."""

    code = "accounts.push_unreadable"
    kind = Kind.INVALID


class CodeTooSoon(DomainError):
    """A code went to this phone a moment ago: the next one may be asked for at a stated time."""

    code = "accounts.code_too_soon"
    kind = Kind.BUSY


class CodeTooMany(DomainError):
    """As many codes were asked for as one phone, or one account, may have in that time."""

    code = "accounts.code_too_many"
    kind = Kind.CONFLICT


class CodeWrong(DomainError):
    """The code opens nothing: wrong, used, too old, or tried too often."""

    code = "accounts.code_wrong"
    kind = Kind.REFUSED


class ProviderUnavailable(DomainError):
    """The hospital's own sign-in service cannot be asked just now."""

    code = "accounts.provider_unavailable"
    kind = Kind.BUSY


class ProviderRefusedSignIn(DomainError):
    """The hospital's own sign-in service did not prove who it is."""

    code = "accounts.provider_refused"
    kind = Kind.UNKNOWN_CALLER


class IssuerRefused(DomainError):
    """The sign-in service's address is not https, or on loopback in a real hospital."""

    code = "accounts.issuer_refused"
    kind = Kind.INVALID
