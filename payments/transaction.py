"""What the provider says about a payment or a refund, read strictly from its plain JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from payments.errors import NoticeUnreadable

PAID_STATES = frozenset({"SUCCESS", "REFUND"})  # wechat.md C: REFUND is paid, and then refunded


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not value:
        raise NoticeUnreadable(field=name)
    return value


def _part(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = told.get(name)
    if not isinstance(value, Mapping):
        raise NoticeUnreadable(field=name)
    return value


def _fen(told: Mapping[str, Any], name: str) -> int:
    value = told.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise NoticeUnreadable(field=f"amount.{name}")
    return value


@dataclass(frozen=True)
class Transaction:
    """A payment as the provider has it; whole only when it is paid."""

    state: str
    app_id: str
    mchid: str
    out_trade_no: str
    transaction_id: str
    openid: str
    total_fen: int
    currency: str

    @property
    def is_paid(self) -> bool:
        """True once the provider has the money."""
        return self.state in PAID_STATES

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        """Raises NoticeUnreadable, naming the field and never its value."""
        state = _text(told, "trade_state")
        is_paid = state in PAID_STATES
        amount = _part(told, "amount")
        return cls(
            state=state,
            app_id=_text(told, "appid"),
            mchid=_text(told, "mchid"),
            out_trade_no=_text(told, "out_trade_no"),
            transaction_id=_text(told, "transaction_id") if is_paid else "",
            openid=_text(_part(told, "payer"), "openid") if is_paid else "",
            total_fen=_fen(amount, "total"),
            currency=str(amount.get("currency", "CNY")),
        )


@dataclass(frozen=True)
class RefundWord:
    """A refund as the provider has it: SUCCESS, PROCESSING, ABNORMAL or CLOSED."""

    state: str
    out_refund_no: str
    out_trade_no: str
    refund_fen: int

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        """Raises NoticeUnreadable. Notices say `refund_status`, answers say `status`."""
        return cls(
            state=_text(told, "refund_status" if "refund_status" in told else "status"),
            out_refund_no=_text(told, "out_refund_no"),
            out_trade_no=_text(told, "out_trade_no"),
            refund_fen=_fen(_part(told, "amount"), "refund"),
        )
