"""What payments can refuse, and why."""

from common.errors import DomainError, Kind


class ChargeUnknown(DomainError):
    """There is no such charge among those this account may pay."""

    code = "payments.charge_unknown"
    kind = Kind.MISSING


class PaymentUnknown(DomainError):
    """There is no such payment of this account."""

    code = "payments.payment_unknown"
    kind = Kind.MISSING


class ChargeNotOpen(DomainError):
    """The charge is already paid or withdrawn."""

    code = "payments.charge_not_open"
    kind = Kind.CONFLICT


class ChargeOverdue(DomainError):
    """The time to pay this charge is over."""

    code = "payments.charge_overdue"
    kind = Kind.CONFLICT


class ChargeNotPaid(DomainError):
    """Only what was paid can be kept."""

    code = "payments.charge_not_paid"
    kind = Kind.CONFLICT


class KeptTooLarge(DomainError):
    """More would be kept than is held for the charge, or nothing at all."""

    code = "payments.kept_too_large"
    kind = Kind.CONFLICT


class PayerUnknown(DomainError):
    """This account has no WeChat identity in the hospital's mini-program."""

    code = "payments.payer_unknown"
    kind = Kind.CONFLICT


class NoMerchant(DomainError):
    """The hospital has no merchant that could take the money."""

    code = "payments.no_merchant"
    kind = Kind.CONFLICT


class RefundTooLarge(DomainError):
    """More would go back than is left of what was paid."""

    code = "payments.refund_too_large"
    kind = Kind.CONFLICT


class ProviderUnreachable(DomainError):
    """The payment provider did not answer, or not in a way to rely on; the same may work soon."""

    code = "payments.provider_unreachable"
    kind = Kind.BUSY


class ProviderRefused(DomainError):
    """The payment provider refused; `reason` is its own code."""

    code = "payments.provider_refused"
    kind = Kind.CONFLICT


class NoticeForged(DomainError):
    """The notice was not signed by the provider for this merchant, or not just now."""

    code = "payments.notice_forged"
    kind = Kind.REFUSED


class NoticeUnreadable(DomainError):
    """The notice's body is not what the provider sends."""

    code = "payments.notice_unreadable"
    kind = Kind.INVALID


class SettlementMismatch(DomainError):
    """What was paid is not what was asked for; `part` says which part differs."""

    code = "payments.settlement_mismatch"
    kind = Kind.CONFLICT


class RefundUnknown(DomainError):
    """The provider speaks of a refund that we never asked for."""

    code = "payments.refund_unknown"
    kind = Kind.MISSING


class NoticeUnsought(DomainError):
    """The notice is of a kind that nothing here follows from."""

    code = "payments.notice_unsought"
    kind = Kind.INVALID
