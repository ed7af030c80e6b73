"""The phone: its door, its messages, its shell and its payment sheet."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from sandbox.phone.sheet import ReturnOutside, return_address
from tests.sandbox.libraries import Cashier
from tests.sandbox.outside import Answer, Sandbox, Stranger
from tests.sandbox.test_messages import send

NUMBER = "ZC20260302000001"


@pytest.fixture
def browser(sandbox: Sandbox) -> requests.Session:
    """A browser that knows the secret."""
    session = requests.Session()
    key = sandbox.credentials.phone_secret
    session.get(f"{sandbox.url}/phone/enter", params={"key": key}, timeout=5)
    return session


@pytest.fixture
def product_is_up(product: Stranger) -> Stranger:
    """A product that logs anybody in."""
    product.answers["/api/v1/login/wechat"] = Answer(200, {"token": "t-1"})
    product.answers["/api/v1/me/web-tickets"] = Answer(201, {"ticket": "once&only"})
    product.answers["/api/v1/me/subscriptions"] = Answer(200, {})
    return product


def phone_url(sandbox: Sandbox) -> str:
    return f"{sandbox.url}/phone/people/{sandbox.credentials.people[0].openid}"


def sheet_url(cashier: Cashier, *, back: str = "/m/paid") -> str:
    parameters = cashier.ordered(NUMBER)
    app_id = cashier.sandbox.credentials.apps[0].app_id
    query = urlencode({**parameters, "appId": app_id, "return": back})
    return f"{cashier.sandbox.url}/phone/pay?{query}"


def answered(browser: requests.Session, url: str, answer: str) -> requests.Response:
    form = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    return browser.post(
        url.partition("?")[0], data={**form, "answer": answer}, timeout=5, allow_redirects=False
    )


@pytest.mark.parametrize("path", ["/phone/", "/phone/pay", "/phone/people/o-nobody"])
def test_a_stranger_stands_before_the_door(sandbox: Sandbox, path: str) -> None:
    response = requests.get(sandbox.url + path, timeout=5)

    assert response.status_code == 403
    assert "口令" in response.text


def test_a_wrong_secret_opens_nothing(sandbox: Sandbox) -> None:
    response = requests.get(f"{sandbox.url}/phone/enter", params={"key": "错"}, timeout=5)

    assert response.status_code == 403
    assert not response.cookies


def test_the_cookie_does_not_hold_the_secret(sandbox: Sandbox, browser: requests.Session) -> None:
    assert sandbox.credentials.phone_secret not in str(browser.cookies.get_dict())
    assert browser.get(f"{sandbox.url}/control/orders", timeout=5).status_code == 200


def test_the_cookie_obeys_no_other_page(sandbox: Sandbox, browser: requests.Session) -> None:
    headers = {"Origin": "http://127.0.0.1:8000"}
    url = f"{sandbox.url}/control/faults"

    response = browser.post(url, json={"name": "slow"}, headers=headers, timeout=5)

    assert response.status_code == 403


def test_the_controls_ask_for_the_secret(sandbox: Sandbox) -> None:
    response = requests.get(f"{sandbox.url}/control/messages", timeout=5)

    assert (response.status_code, response.json()["error"]) == (403, "secret_wrong")


def test_every_page_keeps_to_itself_and_says_its_language(
    sandbox: Sandbox, browser: requests.Session
) -> None:
    response = browser.get(phone_url(sandbox), timeout=5)

    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert f"form-action 'self' {sandbox.product}" in policy
    assert '<html lang="zh-CN">' in response.text
    assert re.search(r"<script|style=|https?://", response.text) is None


def test_the_phone_shows_a_message_with_its_labels(
    sandbox: Sandbox, browser: requests.Session
) -> None:
    send(sandbox, page="m/demo/visits/1")

    page = browser.get(phone_url(sandbox), timeout=5).text

    assert "<h3>就诊提醒</h3>" in page
    assert "<dt>就诊科室</dt><dd>心内科</dd>" in page
    assert 'value="/m/demo/visits/1"' in page


def test_what_a_message_says_cannot_become_markup(
    sandbox: Sandbox, browser: requests.Session
) -> None:
    send(
        sandbox,
        data={
            "thing1": {"value": "<b>心内科</b>"},
            "time2": {"value": "08:30"},
            "thing3": {"value": "好"},
        },
    )

    page = browser.get(phone_url(sandbox), timeout=5).text

    assert "&lt;b&gt;心内科&lt;/b&gt;" in page


def test_the_shell_logs_in_and_enters_with_a_ticket(
    sandbox: Sandbox, browser: requests.Session, product_is_up: Stranger
) -> None:
    response = browser.post(f"{phone_url(sandbox)}/open", timeout=5, allow_redirects=False)

    login, tickets = product_is_up.next(), product_is_up.next()
    assert response.status_code == 303
    address = f"{sandbox.product}/m/enter?ticket=once%26only&next=%2Fm%2F"
    assert response.headers["Location"] == address
    assert login.json()["app_id"] == sandbox.credentials.apps[0].app_id
    assert len(login.json()["code"]) == 32
    assert tickets.headers["Authorization"] == "Token t-1"


def test_a_token_the_product_forgot_is_fetched_anew(
    sandbox: Sandbox, browser: requests.Session, product_is_up: Stranger
) -> None:
    browser.post(f"{phone_url(sandbox)}/open", timeout=5, allow_redirects=False)
    product_is_up.answers["/api/v1/me/web-tickets"] = Answer(401)

    response = browser.post(f"{phone_url(sandbox)}/open", timeout=5)

    paths = [product_is_up.next().path for _ in range(5)]
    assert [path.rpartition("/")[2] for path in paths] == [
        "wechat",
        "web-tickets",
        "web-tickets",
        "wechat",
        "web-tickets",
    ]
    assert response.status_code == 502
    assert "诊程没有让我们进去" in response.text


def test_a_product_that_is_down_is_said_in_plain_words(
    sandbox: Sandbox, browser: requests.Session, product: Stranger
) -> None:
    product.stop()

    response = browser.post(f"{phone_url(sandbox)}/open", timeout=5)

    assert response.status_code == 502
    assert "make run" in response.text


def test_accepting_a_template_gives_a_credit_and_tells_the_product(
    sandbox: Sandbox, browser: requests.Session, product_is_up: Stranger
) -> None:
    template_id = sandbox.template("report_ready")

    page = browser.post(
        f"{phone_url(sandbox)}/subscribe", data={"template_id": template_id}, timeout=5
    )

    product_is_up.next()
    report = product_is_up.next()
    assert report.path == "/api/v1/me/subscriptions"
    assert report.json() == {"accepted": [template_id]}
    assert "还可收 1 条" in page.text


def test_the_sheet_shows_payee_description_and_amount(
    sandbox: Sandbox, product: Stranger, browser: requests.Session
) -> None:
    page = browser.get(sheet_url(Cashier(sandbox, product)), timeout=5)

    assert page.status_code == 200
    assert "付款给 诊程演示医院" in page.text
    assert "挂号费 心内科" in page.text
    assert "12.50" in page.text
    assert sandbox.control("orders")["orders"][0]["trade_state"] == "NOTPAY"


@pytest.mark.parametrize(("answer", "state"), [("pay", "SUCCESS"), ("cancel", "NOTPAY")])
def test_the_sheet_pays_or_not_and_returns_to_the_product(
    sandbox: Sandbox, product: Stranger, browser: requests.Session, answer: str, state: str
) -> None:
    cashier = Cashier(sandbox, product)

    response = answered(browser, sheet_url(cashier), answer)

    assert response.headers["Location"] == f"{sandbox.product}/m/paid"
    assert cashier.query(NUMBER)[1]["trade_state"] == state


def test_the_sheet_is_not_paid_by_somebody_elses_phone(
    sandbox: Sandbox, product: Stranger, browser: requests.Session
) -> None:
    cashier = Cashier(sandbox, product)
    other = sandbox.credentials.people[1].openid
    browser.get(f"{sandbox.url}/phone/people/{other}", timeout=5)

    response = answered(browser, sheet_url(cashier), "pay")

    assert response.status_code == 409
    assert cashier.query(NUMBER)[1]["trade_state"] == "NOTPAY"


def test_the_sheet_refuses_a_forged_amount_of_parameters(
    sandbox: Sandbox, product: Stranger, browser: requests.Session
) -> None:
    url = sheet_url(Cashier(sandbox, product)).replace("nonceStr=", "nonceStr=0")

    response = browser.get(url, timeout=5)

    assert response.status_code == 409
    assert "支付签名不正确" in response.text


def test_the_sheet_returns_nowhere_but_to_the_product(
    sandbox: Sandbox, product: Stranger, browser: requests.Session
) -> None:
    url = sheet_url(Cashier(sandbox, product), back="https://example.org/m/")

    response = browser.get(url, timeout=5)

    assert response.status_code == 400
    assert "example.org" not in response.text


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/",
        "//example.org/m/",
        "http://127.0.0.1:8000@example.org/",
        "http://127.0.0.1:80000/m/",
        "javascript:alert(1)",
        "\\\\example.org/m/",
        "/m/\r\nSet-Cookie: a=b",
        "http://[::1",
    ],
)
def test_an_address_outside_the_product_is_never_returned_to(address: str) -> None:
    with pytest.raises(ReturnOutside):
        return_address("http://127.0.0.1:8000", address)


@pytest.mark.parametrize("address", ["/m/a?b=c", "http://127.0.0.1:8000/m/a?b=c", "a?b=c"])
def test_an_address_of_the_product_is_returned_to_in_full(address: str) -> None:
    assert return_address("http://127.0.0.1:8000", address) == "http://127.0.0.1:8000/m/a?b=c"


def test_the_front_door_leads_to_the_phone(sandbox: Sandbox) -> None:
    response = requests.get(f"{sandbox.url}/", timeout=5)

    assert response.url == f"{sandbox.url}/phone/"
