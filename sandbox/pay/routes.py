"""The addresses of api.mch.weixin.qq.com that the sandbox serves."""

from starlette.routing import Route

from sandbox.pay.bills import download_bill, trade_bill
from sandbox.pay.edge import PayCall, pay_endpoint
from sandbox.pay.orders import close, query_by_trade_number, query_by_transaction
from sandbox.pay.prepay import prepay
from sandbox.pay.refunds import query_refund, refund
from sandbox.pay.refusals import resource_missing

TRANSACTIONS = "/v3/pay/transactions"
REFUNDS = "/v3/refund/domestic/refunds"


def certificates(call: PayCall) -> dict[str, object]:
    """GET /v3/certificates: a merchant in public-key mode has none."""
    raise resource_missing(f"商户{call.merchant.mchid}使用微信支付公钥，没有平台证书")


ROUTES = [
    Route(f"{TRANSACTIONS}/jsapi", pay_endpoint(prepay), methods=["POST"]),
    Route(
        f"{TRANSACTIONS}/out-trade-no/{{out_trade_no}}",
        pay_endpoint(query_by_trade_number),
        methods=["GET"],
    ),
    Route(
        f"{TRANSACTIONS}/out-trade-no/{{out_trade_no}}/close",
        pay_endpoint(close),
        methods=["POST"],
    ),
    Route(
        f"{TRANSACTIONS}/id/{{transaction_id}}",
        pay_endpoint(query_by_transaction),
        methods=["GET"],
    ),
    Route(REFUNDS, pay_endpoint(refund), methods=["POST"]),
    Route(f"{REFUNDS}/{{out_refund_no}}", pay_endpoint(query_refund), methods=["GET"]),
    Route("/v3/bill/tradebill", pay_endpoint(trade_bill), methods=["GET"]),
    Route("/v3/billdownload/file", pay_endpoint(download_bill), methods=["GET"]),
    Route("/v3/certificates", pay_endpoint(certificates), methods=["GET"]),
]
