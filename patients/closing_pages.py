"""我的 → 我的数据: closing one's account, what stops then, and what the law keeps (注销)."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.rules import PHONE_SIGN_IN, account_of, by_account
from common.errors import DomainError
from common.pages import form_command, page, say_refusal
from patients.actions.close_account import CONFIRMATION, ask_to_close_account, undo_closing
from patients.frames import phone_frame
from patients.leaving import kept_of, open_closing, own_patients, reasons_of
from patients.pages import hospital_or_404

REFUSALS = {
    "patients.closing_unconfirmed": f"请在框里输入“{CONFIRMATION}”两个字。",
    "patients.account_in_use": "还有事情没有办完，现在不能注销。请看下面写的怎么办。",
    "patients.closing_unknown": "没有等待中的注销。",
}
WHAT_TO_DO = {
    "live_appointment": ("还有没有就诊的预约", "请先就诊，或者取消预约。"),
    "open_payment": ("还有没有付清的费用", "请先支付，或者等它过期、撤销。"),
    "open_refund": ("还有没有到账的退款", "请等退款到账，它会原路退回。"),
    "open_admission": ("还在住院，或者等待入院", "请先办完出院，或者请医生撤销住院证。"),
}
OTHERWISE = ("还有没有办完的事情", "请到医院窗口询问。")


@page(by_account, sign_in=PHONE_SIGN_IN)
def data(request: HttpRequest, code: str) -> HttpResponse:
    """`/m/{code}/me/data/`: closing the account, and taking that back."""
    hospital = hospital_or_404(code)
    account = account_of(request)
    if request.method == "POST":
        try:
            form_command(request, lambda: _asked(request))
        except DomainError as refusal:
            say_refusal(request, refusal, words=REFUSALS)
        else:
            messages.success(request, "已经记下。")
        return redirect(request.path)
    frame = phone_frame(
        request,
        hospital,
        heading="我的数据",
        back_url=f"/m/{code}/me/",
        closing=open_closing(account),
        reasons=[WHAT_TO_DO.get(reason, OTHERWISE) for reason in reasons_of(account)],
        kept=[(one.hospital.name, kept_of(one)) for one in own_patients(account)],
        word=CONFIRMATION,
        key=uuid4(),
    )
    return render(request, "patients/data.html", frame)


def _asked(request: HttpRequest) -> UUID:
    account = account_of(request)
    if request.POST.get("act") == "undo":
        return undo_closing(account=account).pk
    said = request.POST.get("confirmation", "")
    return ask_to_close_account(account=account, confirmation=said).pk
