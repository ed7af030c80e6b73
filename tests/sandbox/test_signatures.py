"""Who may call WeChat Pay, and how its answers prove themselves."""

import base64
import json
import re
import time
from dataclasses import dataclass

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from sandbox.credentials import Merchant
from sandbox.keys import make_keys
from tests.sandbox.libraries import Cashier, Pay
from tests.sandbox.outside import Sandbox, Stranger

PATH = "/v3/pay/transactions/out-trade-no/ZC20260302000001?mchid={mchid}"


@dataclass(frozen=True)
class HandSigned:
    """A request signed here, line by line, by nobody's library."""

    merchant: Merchant
    method: str = "GET"
    path: str = ""
    body: bytes = b""
    skew_seconds: int = 0
    mchid: str = ""
    serial_no: str = ""

    def authorization(self) -> str:
        stamp = str(int(time.time()) + self.skew_seconds)
        lines = [self.method.encode(), self.path.encode(), stamp.encode(), b"nonce", self.body]
        key = load_pem_private_key(self.merchant.private_key_pem.encode(), password=None)
        assert isinstance(key, rsa.RSAPrivateKey)
        text = b"".join(line + b"\n" for line in lines)
        signature = base64.b64encode(key.sign(text, PKCS1v15(), SHA256())).decode()
        return (
            f'WECHATPAY2-SHA256-RSA2048 serial_no="{self.serial_no or self.merchant.serial_no}",'
            f'mchid="{self.mchid or self.merchant.mchid}",timestamp="{stamp}",nonce_str="nonce",'
            f'signature="{signature}"'
        )


def ask(sandbox: Sandbox, authorization: str, *, path: str = "") -> requests.Response:
    merchant = sandbox.credentials.merchants[0]
    url = sandbox.url + (path or PATH.format(mchid=merchant.mchid))
    return requests.get(url, headers={"Authorization": authorization}, timeout=5)


def signed(sandbox: Sandbox, *, skew_seconds: int = 0, mchid: str = "", serial: str = "") -> str:
    merchant = sandbox.credentials.merchants[0]
    path = PATH.format(mchid=merchant.mchid)
    return HandSigned(
        merchant, path=path, skew_seconds=skew_seconds, mchid=mchid, serial_no=serial
    ).authorization()


def issue(response: requests.Response) -> str:
    body = response.json()
    assert (response.status_code, body["code"]) == (401, "SIGN_ERROR")
    return str(body["detail"]["issue"])


def test_the_right_signature_reaches_the_order(sandbox: Sandbox) -> None:
    assert ask(sandbox, signed(sandbox)).status_code == 404


def test_the_serial_may_be_written_in_small_letters(sandbox: Sandbox) -> None:
    serial = sandbox.credentials.merchants[0].serial_no.lower()

    assert ask(sandbox, signed(sandbox, serial=serial)).status_code == 404


@pytest.mark.parametrize("skew_seconds", [-310, 310])
def test_a_signature_is_good_for_five_minutes(sandbox: Sandbox, skew_seconds: int) -> None:
    assert issue(ask(sandbox, signed(sandbox, skew_seconds=skew_seconds))) == "timestamp"


def test_a_signature_for_another_path_is_worth_nothing(sandbox: Sandbox) -> None:
    other = PATH.format(mchid=sandbox.credentials.merchants[0].mchid) + "&more=1"

    assert issue(ask(sandbox, signed(sandbox), path=other)) == "sign not match"


def test_a_stranger_without_signature_is_refused(sandbox: Sandbox) -> None:
    assert issue(ask(sandbox, "")) == "scheme"


def test_a_merchant_nobody_knows_is_refused(sandbox: Sandbox) -> None:
    assert issue(ask(sandbox, signed(sandbox, mchid="1900000000"))) == "mchid"


def test_a_certificate_nobody_knows_is_refused(sandbox: Sandbox) -> None:
    assert issue(ask(sandbox, signed(sandbox, serial="00FF"))) == "serial_no"


def test_another_key_signs_in_vain(sandbox: Sandbox, product: Stranger) -> None:
    other = make_keys(home=sandbox.home / "other", port=1, product="http://127.0.0.1:8000")
    cashier = Cashier(sandbox, product)
    cashier.pay = Pay(sandbox, private_key_pem=other.merchants[0].private_key_pem)

    status, body = cashier.prepay("ZC20260302000001")

    assert (status, body["code"]) == (401, "SIGN_ERROR")
    assert sandbox.control("orders")["orders"] == []


def test_a_changed_body_is_found_out(sandbox: Sandbox) -> None:
    merchant = sandbox.credentials.merchants[0]
    path = "/v3/pay/transactions/jsapi"
    authorization = HandSigned(merchant, method="POST", path=path, body=b"{}").authorization()

    response = requests.post(
        sandbox.url + path, data=b"{ }", headers={"Authorization": authorization}, timeout=5
    )

    assert issue(response) == "sign not match"


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"mchid":null}', b"\xff"])
def test_a_signed_body_must_still_be_a_json_object_without_nulls(
    sandbox: Sandbox, body: bytes
) -> None:
    merchant = sandbox.credentials.merchants[0]
    path = "/v3/pay/transactions/jsapi"
    authorization = HandSigned(merchant, method="POST", path=path, body=body).authorization()

    response = requests.post(
        sandbox.url + path, data=body, headers={"Authorization": authorization}, timeout=5
    )

    assert (response.status_code, response.json()["code"]) == (400, "PARAM_ERROR")


@pytest.mark.parametrize("action", ["query", "close"])
def test_every_success_is_signed_also_an_empty_one(
    sandbox: Sandbox, product: Stranger, action: str
) -> None:
    merchant = sandbox.credentials.merchants[0]
    Cashier(sandbox, product).prepay("ZC20260302000001")
    method, path, body = {
        "query": ("GET", PATH.format(mchid=merchant.mchid), b""),
        "close": (
            "POST",
            "/v3/pay/transactions/out-trade-no/ZC20260302000001/close",
            json.dumps({"mchid": merchant.mchid}).encode(),
        ),
    }[action]
    authorization = HandSigned(merchant, method=method, path=path, body=body).authorization()

    response = requests.request(
        method, sandbox.url + path, data=body, headers={"Authorization": authorization}, timeout=5
    )

    headers = response.headers
    text = f"{headers['Wechatpay-Timestamp']}\n{headers['Wechatpay-Nonce']}\n".encode()
    public_key = load_pem_public_key(merchant.public_key_pem.encode())
    assert isinstance(public_key, rsa.RSAPublicKey)
    signature = base64.b64decode(headers["Wechatpay-Signature"])
    public_key.verify(signature, text + response.content + b"\n", PKCS1v15(), SHA256())
    assert headers["Wechatpay-Serial"] == merchant.public_key_id
    assert headers["Wechatpay-Signature-Type"] == "WECHATPAY2-SHA256-RSA2048"
    assert re.fullmatch("[0-9A-F]{32}", headers["Request-ID"])


def test_a_refusal_carries_a_request_id_and_no_signature(sandbox: Sandbox) -> None:
    response = ask(sandbox, "")

    assert re.fullmatch("[0-9A-F]{32}", response.headers["Request-ID"])
    assert "Wechatpay-Signature" not in response.headers
