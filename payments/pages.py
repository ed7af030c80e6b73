"""The phone's pages about money: what is due, the payment, and whether it arrived."""

from typing import cast
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Account
from accounts.rules import PHONE_SIGN_IN, by_account
from accounts.throttles import CheckByAccount, refuse_flood
from common import clock
from common.errors import DomainError, TooMany
from common.pages import form_command, page, say_refusal
from hospitals.models import Hospital
from patients.access import show_to_family
from patients.frames import phone_frame
from patients.pages import hospital_or_404
from payments.actions.ask import open_payment, prepare_for_phone
from payments.actions.query import hear_provider
from payments.errors import ProviderRefused, ProviderUnreachable
from payments.models import Charge, PaymentOrder, Refund
from payments.paying import charges_for, payment_for, refuse_strange_charges

MOST_SHOWN = 50
WORDS = {
    "payments.charge_not_open": "这项费用已经付过或已撤销，请刷新。",
    "payments.charge_overdue": "付款时间已过，请重新预约。",
    "payments.charge_unknown": "没有找到这项费用。",
    "payments.payer_unknown": "请在医院的小程序里打开后再支付。",
    "payments.no_merchant": "医院还没有开通线上支付，请到窗口缴费。",
    "payments.provider_unreachable": "支付服务暂时没有回应，请稍后再试。",
    "payments.provider_refused": "支付服务没有受理，请稍后再试或到窗口缴费。",
    "common.too_many": "查询太频繁，过一分钟再刷新。",
    "payments.settlement_mismatch": "收到的款项与账单不一致，请到收费处查询。",
}


@require_http_methods(["GET", "POST"])
@page(by_account, sign_in=PHONE_SIGN_IN)
def due(request: HttpRequest, code: str) -> HttpResponse:
    """One list of what is due, and what happened to what was paid."""
    hospital = hospital_or_404(code)
    if request.method == "POST":
        payment_id = _ask(request, hospital)
        if payment_id is not None:
            return redirect("payments_pay", code=code, payment_id=payment_id)
    charges = charges_for(_account(request).pk, hospital)
    payable = list(charges.payable(clock.now()).select_related("patient").order_by("made_at"))
    settled = charges.filter(status=Charge.Status.PAID).select_related("patient")
    paid_rows = list(settled.prefetch_related("refund_set").order_by("-paid_at")[:MOST_SHOWN])
    show_to_family(
        account_id=_account(request).pk,
        patients=[charge.patient for charge in (*payable, *paid_rows)],
        shown="charges",
        is_daily=True,
    )
    shown = {
        "payable": payable,
        "total_fen": sum(charge.amount_fen for charge in payable),
        "paid": paid_rows,
        "idempotency_key": uuid4(),
    }
    frame = phone_frame(request, hospital, heading="待缴费用", hospital_code=code, **shown)
    return render(request, "payments/due.html", frame)


def _ask(request: HttpRequest, hospital: Hospital) -> UUID | None:
    """Open the payment that the form asks for; a refusal is said on the page."""
    account = _account(request)
    try:
        charge_ids = [UUID(one) for one in request.POST.getlist("charge_id")]
    except ValueError as trouble:
        raise Http404 from trouble
    if not charge_ids:
        messages.error(request, "请至少选择一项费用。")
        return None
    try:
        refuse_strange_charges(charge_ids, account_id=account.pk, hospital=hospital)
        answer = form_command(
            request,
            lambda: open_payment(account=account, charges=charge_ids, hospital=hospital).pk,
        )
    except DomainError as refusal:
        say_refusal(request, refusal, words=WORDS)
        return None
    return answer.object_id


@require_GET
@page(by_account, sign_in=PHONE_SIGN_IN)
def pay(request: HttpRequest, *, code: str, payment_id: UUID) -> HttpResponse:
    """The amount, and the way to the payment sheet."""
    hospital = hospital_or_404(code)
    payment = _payment(request, hospital, payment_id=payment_id)
    sheet_url = ""
    if payment.status == PaymentOrder.Status.SETTLED:
        return redirect("payments_paid", code=code, payment_id=payment_id)
    if settings.SHELL_PAY_URL:
        try:
            sheet_url = _sheet_url(payment, code)
        except DomainError as refusal:
            say_refusal(request, refusal, words=WORDS)
    shown = {"payment": payment, "sheet_url": sheet_url, "has_sheet": bool(settings.SHELL_PAY_URL)}
    frame = phone_frame(request, hospital, heading="支付", hospital_code=code, **shown)
    return render(request, "payments/pay.html", frame)


def _sheet_url(payment: PaymentOrder, code: str) -> str:
    """The payment sheet outside WeChat, with what wx.requestPayment would be given."""
    client = prepare_for_phone(payment_id=payment.pk).as_dict()
    back = f"{settings.PUBLIC_URL.rstrip('/')}/m/{code}/paid/{payment.pk}/"
    return f"{settings.SHELL_PAY_URL}?{urlencode({**client, 'return': back})}"


@require_GET
@page(by_account, sign_in=PHONE_SIGN_IN)
def paid(request: HttpRequest, *, code: str, payment_id: UUID) -> HttpResponse:
    """Whether the money arrived, by the provider's word, and what goes back of it."""
    hospital = hospital_or_404(code)
    payment = _payment(request, hospital, payment_id=payment_id)
    try:
        refuse_flood(request, CheckByAccount)
        hear_provider(payment_id=payment.pk)
    except (ProviderRefused, ProviderUnreachable, TooMany) as trouble:
        say_refusal(request, trouble, words=WORDS)
    shown = {
        "payment": PaymentOrder.objects.get(pk=payment.pk),
        "lines": payment.lines.select_related("charge").order_by("pk"),
        "refunds": Refund.objects.filter(payment=payment).order_by("pk"),
    }
    frame = phone_frame(request, hospital, heading="支付结果", hospital_code=code, **shown)
    return render(request, "payments/paid.html", frame)


def _payment(request: HttpRequest, hospital: Hospital, *, payment_id: UUID) -> PaymentOrder:
    try:
        return payment_for(_account(request).pk, hospital, payment_id=payment_id)
    except DomainError as refusal:
        raise Http404 from refusal


def _account(request: HttpRequest) -> Account:
    return cast("Account", request.user)
