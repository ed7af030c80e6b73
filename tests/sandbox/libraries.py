"""The providers' own libraries, unmodified, pointed at a sandbox; and a cashier who uses them."""

import json
import secrets
import time
from typing import Any

from wechatpayv3 import WeChatPay, WeChatPayType
from wechatpy import WeChatClient
from wechatpy.client.api import WeChatWxa

from sandbox.credentials import Person
from tests.sandbox.outside import Received, Sandbox, Stranger


def wechat_client(sandbox: Sandbox) -> WeChatClient:
    """wechatpy, with nothing changed but its addresses; one retry of ours, none of its own."""
    app = sandbox.credentials.apps[0]

    class Wxa(WeChatWxa):  # type: ignore[misc]  # the library has no types
        API_BASE_URL = f"{sandbox.url}/"

    class Client(WeChatClient):  # type: ignore[misc]  # the library has no types
        API_BASE_URL = f"{sandbox.url}/cgi-bin/"
        wxa = Wxa()

        def fetch_access_token(self) -> Any:
            params = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
            return self._fetch_access_token(url=f"{self.API_BASE_URL}token", params=params)

    return Client(app.app_id, app.secret, timeout=5, auto_retry=False)


class Pay(WeChatPay):  # type: ignore[misc]  # the library has no types
    """wechatpayv3 in public-key mode, with nothing changed but its gateway."""

    def __init__(self, sandbox: Sandbox, *, private_key_pem: str = "", apiv3_key: str = "") -> None:
        merchant = sandbox.credentials.merchants[0]
        super().__init__(
            wechatpay_type=WeChatPayType.MINIPROG,
            mchid=merchant.mchid,
            private_key=private_key_pem or merchant.private_key_pem,
            cert_serial_no=merchant.serial_no,
            appid=merchant.app_id,
            apiv3_key=apiv3_key or merchant.apiv3_key,
            public_key=merchant.public_key_pem,
            public_key_id=merchant.public_key_id,
            timeout=5,
        )
        self._core._gate_way = sandbox.url


class Cashier:
    """Orders, pays and refunds, as the product would."""

    def __init__(self, sandbox: Sandbox, product: Stranger) -> None:
        self.sandbox = sandbox
        self.pay = Pay(sandbox)
        self.notify_url = f"{product.url}/payments/notify"
        self.payer: Person = sandbox.credentials.people[0]

    def prepay(self, number: str, *, fen: int = 1250, **changes: Any) -> tuple[int, dict[str, Any]]:
        """Status and body of a prepay."""
        settings = {
            "description": "挂号费 心内科",
            "notify_url": self.notify_url,
            "payer": {"openid": self.payer.openid},
            **changes,
        }
        return told(self.pay.pay(out_trade_no=number, amount={"total": fen}, **settings))

    def parameters(self, prepay_id: str) -> dict[str, object]:
        """What wx.requestPayment is called with."""
        stamp, nonce = str(int(time.time())), secrets.token_hex(16)
        package = f"prepay_id={prepay_id}"
        signature = self.pay.sign([self.sandbox.credentials.apps[0].app_id, stamp, nonce, package])
        return {
            "timeStamp": stamp,
            "nonceStr": nonce,
            "package": package,
            "signType": "RSA",
            "paySign": signature,
        }

    def ordered(self, number: str, **settings: Any) -> dict[str, object]:
        """An order exists; what the wallet needs to pay it."""
        status, body = self.prepay(number, **settings)
        assert status == 200, body
        return self.parameters(body["prepay_id"])

    def paid(self, number: str, **settings: Any) -> dict[str, Any]:
        """An order exists and the wallet has paid it."""
        return self.sandbox.control("pay", self.ordered(number, **settings))

    def query(self, number: str) -> tuple[int, dict[str, Any]]:
        """Status and body of a query."""
        return told(self.pay.query(out_trade_no=number))

    def refund(
        self, number: str, refund_number: str, *, fen: int, total: int = 1250, **changes: Any
    ) -> tuple[int, dict[str, Any]]:
        """Status and body of a refund."""
        amount = {"refund": fen, "total": total, "currency": "CNY"}
        return told(
            self.pay.refund(
                out_refund_no=refund_number, out_trade_no=number, amount=amount, **changes
            )
        )

    def opened(self, notice: Received) -> Any:
        """The notice as wechatpayv3 verifies and decrypts it; None when it is forged."""
        return self.pay.callback(notice.headers, notice.body)


def told(answer: tuple[int, Any]) -> tuple[int, dict[str, Any]]:
    """The status, and the body as JSON; {} for an empty one."""
    status, text = answer
    return status, json.loads(text) if text else {}
