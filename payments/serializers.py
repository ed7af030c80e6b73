"""What requests about money say, and what their answers show."""

from typing import Any, ClassVar

from django.db.models import Prefetch
from rest_framework import serializers

from common.locking import RowQuerySet
from common.serializers import Input, Output
from payments.models import Charge, PaymentOrder, Refund

MOST_CHARGES = 50


class IdField(serializers.UUIDField):
    """An id in a JSON string; a number is not turned into one."""

    def to_internal_value(self, data: Any) -> Any:
        """The id."""
        if not isinstance(data, str):
            self.fail("invalid", value="")
        return super().to_internal_value(data)


class PaymentInput(Input):
    """Which charges are to be paid together."""

    charge_ids = serializers.ListField(
        child=IdField(), min_length=1, max_length=MOST_CHARGES, allow_empty=False
    )


class CheckInput(Input):
    """The phone says it has paid; nothing else is believed."""


class RefundOutput(Output):
    """Money on its way back."""

    class Meta:
        model = Refund
        fields: ClassVar[list[str]] = [
            "id",
            "charge_id",
            "amount_fen",
            "reason",
            "status",
            "made_at",
            "done_at",
        ]
        read_only_fields = fields


class ChargeOutput(Output):
    """One thing owed or paid, with what goes back of it."""

    related: ClassVar[tuple[str, ...]] = ("patient",)
    refunds = RefundOutput(source="refund_set", many=True, read_only=True)

    @classmethod
    def rows(cls) -> RowQuerySet[Any]:
        """With their refunds, oldest first."""
        return super().rows().prefetch_related(_refunds("refund_set"))

    class Meta:
        model = Charge
        fields: ClassVar[list[str]] = [
            "id",
            "patient_id",
            "purpose",
            "subject_id",
            "title",
            "amount_fen",
            "status",
            "due_until",
            "made_at",
            "paid_at",
            "refunds",
        ]
        read_only_fields = fields


class PaymentOutput(Output):
    """A payment as its payer sees it."""

    charge_ids = serializers.SerializerMethodField()
    refunds = RefundOutput(source="refund_set", many=True, read_only=True)

    @classmethod
    def rows(cls) -> RowQuerySet[Any]:
        """With their lines and refunds."""
        return super().rows().prefetch_related("lines", _refunds("refund_set"))

    def get_charge_ids(self, payment: PaymentOrder) -> list[str]:
        """What it pays for."""
        return sorted(str(line.charge_id) for line in payment.lines.all())

    class Meta:
        model = PaymentOrder
        fields: ClassVar[list[str]] = [
            "id",
            "title",
            "amount_fen",
            "status",
            "charge_ids",
            "made_at",
            "expires_at",
            "settled_at",
            "refunds",
        ]
        read_only_fields = fields


class ClientOutput(serializers.Serializer[Any]):
    """What the phone hands to wx.requestPayment."""

    appId = serializers.CharField()  # noqa: N815 - WeChat's names
    timeStamp = serializers.CharField()  # noqa: N815
    nonceStr = serializers.CharField()  # noqa: N815
    package = serializers.CharField()
    signType = serializers.CharField()  # noqa: N815
    paySign = serializers.CharField()  # noqa: N815


class AskedOutput(PaymentOutput):
    """A payment with what the phone needs to make it; null where it can be made no more."""

    client = ClientOutput(read_only=True, allow_null=True, default=None)

    class Meta(PaymentOutput.Meta):
        fields: ClassVar[list[str]] = [*PaymentOutput.Meta.fields, "client"]
        read_only_fields = fields


def _refunds(name: str) -> "Prefetch[str, Any, str]":
    return Prefetch(name, queryset=Refund.objects.order_by("pk"))
