"""Money over HTTP: what is due, paying it, and the provider's notices."""

import json
import logging
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Account
from accounts.throttles import CheckByAccount
from common.errors import DomainError
from common.http import account_id_of, command
from common.logs import refusal_noted
from common.pages import anyone, page
from common.pagination import NewestFirst
from common.problems import status_of
from hospitals.models import Merchant
from hospitals.views import HospitalView
from patients.access import show_to_family
from patients.models import Scope
from patients.permissions import ByPatient
from payments.actions.ask import open_payment, prepare_for_phone
from payments.actions.query import hear_provider
from payments.actions.receive import receive_notice, try_to_apply
from payments.models import PaymentOrder
from payments.paying import charges_for, payment_for, refuse_strange_charges
from payments.serializers import (
    AskedOutput,
    ChargeOutput,
    CheckInput,
    PaymentInput,
    PaymentOutput,
)
from payments.verifying import SignedNotice

log = logging.getLogger(__name__)
LARGEST_NOTICE_BYTES = 64 * 1024


class ChargeList(HospitalView):
    """What is owed and what was paid."""

    permission = ByPatient(Scope.PAY)
    pagination_class = NewestFirst

    @extend_schema(responses=ChargeOutput(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """Of everybody for whom the account may pay, newest first."""
        mine = charges_for(account_id_of(request), self.hospital).values("pk")
        pages = self.pagination_class()
        rows = pages.paginate_queryset(ChargeOutput.rows().filter(pk__in=mine), request, view=self)
        show_to_family(
            account_id=account_id_of(request),
            patients=[row.patient for row in rows or ()],
            shown="charges",
            is_daily=True,
        )
        return pages.get_paginated_response(ChargeOutput(rows, many=True).data)


class PaymentList(HospitalView):
    """Payments."""

    permission = ByPatient(Scope.PAY)

    @extend_schema(request=PaymentInput, responses={201: AskedOutput})
    def post(self, request: Request, **_: Any) -> Response:
        """One payment of these charges, with what the phone needs to make it."""
        form = PaymentInput(data=request.data)
        form.is_valid(raise_exception=True)
        account = cast("Account", request.user)
        charge_ids = form.validated_data["charge_ids"]
        refuse_strange_charges(charge_ids, account_id=account.pk, hospital=self.hospital)
        response = command(
            request,
            open_payment,
            PaymentOutput,
            account=account,
            charges=charge_ids,
            hospital=self.hospital,
        )
        response.data["client"] = self._client(UUID(response.data["id"]))
        return response

    def _client(self, payment_id: UUID) -> dict[str, str] | None:
        """Asked for outside the command; a repeat of a payment that is over gets none."""
        payment = PaymentOrder.objects.of_hospital(self.hospital_id).get(pk=payment_id)
        if payment.status != PaymentOrder.Status.ASKED:
            return None
        return prepare_for_phone(payment_id=payment_id).as_dict()


class PaymentOne(HospitalView):
    """One payment of the account."""

    permission = ByPatient(Scope.PAY)

    @extend_schema(responses=PaymentOutput)
    def get(self, request: Request, payment_id: UUID, **_: Any) -> Response:
        """As it stands here."""
        return self.shown(request, payment_id)

    def shown(self, request: Request, payment_id: UUID) -> Response:
        """Raises PaymentUnknown for another's."""
        payment = payment_for(account_id_of(request), self.hospital, payment_id=payment_id)
        return Response(PaymentOutput(PaymentOutput.rows().get(pk=payment.pk)).data)


class PaymentCheck(PaymentOne):
    """The phone says that it has paid."""

    http_method_names = ("post", "options")
    throttle_classes = (CheckByAccount,)

    @extend_schema(request=CheckInput, responses=PaymentOutput)
    def post(self, request: Request, payment_id: UUID, **_: Any) -> Response:
        """Ask the provider, whose word alone counts, and show what is true then."""
        CheckInput(data=request.data).is_valid(raise_exception=True)
        payment = payment_for(account_id_of(request), self.hospital, payment_id=payment_id)
        hear_provider(payment_id=payment.pk)
        return self.shown(request, payment_id)


@csrf_exempt
@require_POST
@page(anyone)
def notify(request: HttpRequest, mchid: str) -> HttpResponse:
    """The provider's notice: verified, stored, answered; applied at once where that works."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST_NOTICE_BYTES:
        return _fail(413, "too large")
    merchant = Merchant.objects.filter(mchid=mchid).first()
    if merchant is None:
        return _fail(404, "unknown merchant")
    notice = SignedNotice(
        serial=request.headers.get("Wechatpay-Serial", ""),
        timestamp=request.headers.get("Wechatpay-Timestamp", ""),
        nonce=request.headers.get("Wechatpay-Nonce", ""),
        signature=request.headers.get("Wechatpay-Signature", ""),
        body=request.body,
    )
    try:
        with refusal_noted(log, "a notice is refused at the door", merchant_id=merchant.pk):
            notice_id = receive_notice(merchant=merchant, notice=notice)
    except DomainError as refusal:
        return _fail(status_of(refusal), refusal.code)
    try_to_apply(notice_id)
    return HttpResponse(status=204)


def _fail(status: int, message: str) -> HttpResponse:
    """As the provider wants to be refused."""
    body = json.dumps({"code": "FAIL", "message": message})
    return HttpResponse(body, status=status, content_type="application/json")
