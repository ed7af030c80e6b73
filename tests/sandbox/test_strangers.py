"""Whatever is sent, the sandbox answers as the provider would; it never breaks."""

from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from wechatpayv3.type import RequestType

from tests.sandbox.libraries import Cashier, told
from tests.sandbox.outside import Sandbox, Stranger
from tests.sandbox.test_messages import send

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=6,
)
PREPAY_FIELDS = ("description", "time_expire", "attach", "notify_url", "payer", "goods_tag")
REFUND_FIELDS = ("reason", "notify_url", "transaction_id", "out_refund_no")


@pytest.fixture
def cashier(sandbox: Sandbox, product: Stranger) -> Cashier:
    return Cashier(sandbox, product)


def posted(cashier: Cashier, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Signed by the library, but not looked at by it first."""
    return told(cashier.pay._core.request(path, method=RequestType.POST, data=body))


@given(field=st.sampled_from(PREPAY_FIELDS), value=ANYTHING)
def test_no_prepay_breaks_wechat_pay(cashier: Cashier, field: str, value: Any) -> None:
    merchant = cashier.sandbox.credentials.merchants[0]
    asked = {
        "appid": merchant.app_id,
        "mchid": merchant.mchid,
        "description": "挂号费",
        "out_trade_no": "ZC20260302000001",
        "notify_url": cashier.notify_url,
        "amount": {"total": 1},
        "payer": {"openid": cashier.payer.openid},
        field: value,
    }

    status, body = posted(cashier, "/v3/pay/transactions/jsapi", asked)

    assert status in {200, 400} or body["code"] == "OPENID_MISMATCH"


@given(field=st.sampled_from(REFUND_FIELDS), value=ANYTHING)
def test_no_refund_breaks_wechat_pay(cashier: Cashier, field: str, value: Any) -> None:
    asked = {
        "out_trade_no": "ZC20260302000001",
        "out_refund_no": "R1",
        "amount": {"refund": 1, "total": 1, "currency": "CNY"},
        field: value,
    }

    status, body = posted(cashier, "/v3/refund/domestic/refunds", asked)

    assert (status, body["code"]) in {(400, "PARAM_ERROR"), (404, "RESOURCE_NOT_EXISTS")}


@given(
    field=st.sampled_from(("touser", "template_id", "page", "data", "miniprogram_state", "lang")),
    value=ANYTHING,
)
def test_no_message_breaks_wechat(sandbox: Sandbox, field: str, value: Any) -> None:
    answer = send(sandbox, **{field: value})

    assert answer["errcode"] in {0, 40003, 40037, 41030, 47003}


@given(value=st.dictionaries(st.text(max_size=12), ANYTHING))
@pytest.mark.parametrize("path", ["codes", "phone-codes", "subscribe", "pay", "faults", "switches"])
def test_no_control_breaks_the_sandbox(sandbox: Sandbox, path: str, value: Any) -> None:
    response = sandbox.ask_control(path, value)

    assert response.status_code in {200, 400, 404, 409}
    assert isinstance(response.json(), dict)


@pytest.mark.parametrize("path", ["/v3/nothing", "/cgi-bin/nothing", "/control/nothing"])
def test_an_address_nobody_serves_is_not_found(sandbox: Sandbox, path: str) -> None:
    assert requests.get(sandbox.url + path, timeout=5).status_code == 404
