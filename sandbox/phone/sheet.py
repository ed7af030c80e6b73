"""The payment sheet (支付面板) that wx.requestPayment would slide up."""

from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sandbox.pay.notices import merchant_with
from sandbox.pay.wallet import PaymentAsked, WalletRefusal, order_to_pay, pay, refuse_unpayable
from sandbox.phone.drawing import drawn, told, yuan
from sandbox.phone.pages import PERSON_COOKIE
from sandbox.world import world_of

PARAMETERS = ("appId", "timeStamp", "nonceStr", "package", "signType", "paySign", "return")

SENTENCES: dict[str, str] = {
    "parameters_missing": "支付参数不完整。",
    "sign_type_wrong": "signType 必须是 RSA。",
    "prepay_unknown": "没有这个预支付单。",
    "app_wrong": "appId 与订单不一致。",
    "signature_wrong": "支付签名不正确。",
    "order_paid": "这笔订单已经付过了。",
    "order_closed": "这笔订单已经关闭。",
    "order_expired": "这笔订单已经过了付款期限。",
    "prepay_expired": "预支付单已过两小时，请重新发起支付。",
    "other_person": "这笔订单不是这部手机的主人下的。请换一部手机，或重新发起支付。",
}


class ReturnOutside(Exception):
    """The page to return to does not belong to the product."""


async def show_sheet(request: Request) -> Response:
    """GET /phone/pay: payee, description and amount, if all is in order."""
    world = world_of(request)
    told_parameters = dict(request.query_params)
    try:
        back = return_address(world.product, told_parameters.get("return", ""))
        asked = PaymentAsked.from_mapping(told_parameters)
        order = order_to_pay(world, asked)
        refuse_unpayable(world, order)
        _refuse_other_person(request, order["openid"])
    except (WalletRefusal, ReturnOutside) as trouble:
        return _refused(request, told_parameters, trouble=trouble)
    payer = world.credentials.person(order["openid"])
    return drawn(
        request,
        "pay.html",
        payee=merchant_with(world, order["mchid"]).name,
        payer="" if payer is None else payer.name,
        description=order["description"],
        amount=yuan(order["total_fen"]),
        number=order["out_trade_no"],
        hidden=[(name, told_parameters.get(name, "")) for name in PARAMETERS],
        back=back,
    )


async def answer_sheet(request: Request) -> Response:
    """POST /phone/pay: paid or not, the person is back on the product's page."""
    world = world_of(request)
    form = await request.form()
    told_parameters = {name: str(form.get(name, "")) for name in PARAMETERS}
    try:
        back = return_address(world.product, told_parameters["return"])
        asked = PaymentAsked.from_mapping(told_parameters)
        if form.get("answer") == "pay":
            _refuse_other_person(request, order_to_pay(world, asked)["openid"])
            pay(world, asked)
    except (WalletRefusal, ReturnOutside) as trouble:
        return _refused(request, told_parameters, trouble=trouble)
    return RedirectResponse(back, status_code=303)


def return_address(product: str, told_address: str) -> str:
    """The address in full. Raises ReturnOutside unless it lies below the product's origin."""
    if any(not character.isprintable() for character in told_address) or "\\" in told_address:
        raise ReturnOutside
    try:
        address = urljoin(f"{product}/m/", told_address)
        parts = urlsplit(address)
    except ValueError as trouble:
        raise ReturnOutside from trouble
    if f"{parts.scheme}://{parts.netloc}" != product:
        raise ReturnOutside
    return address


def _refuse_other_person(request: Request, openid: str) -> None:
    """A phone pays its owner's orders only; a browser that holds no phone may pay any."""
    if request.cookies.get(PERSON_COOKIE, openid) != openid:
        raise WalletRefusal("other_person")


def _refused(
    request: Request, told_parameters: Mapping[str, str], *, trouble: WalletRefusal | ReturnOutside
) -> Response:
    if isinstance(trouble, ReturnOutside):
        sentence = "付款后要返回的地址不属于诊程，已拒绝。"
        return told(request, "不能支付", sentence, status=400)
    back = return_address(world_of(request).product, told_parameters.get("return", ""))
    return told(request, "不能支付", SENTENCES[trouble.code], status=409, back=back)
