"""How WeChat Pay says no: a status, a code, a sentence, and where in the request it lies."""


class PayRefusal(Exception):
    """The call is answered with this status and code."""

    def __init__(
        self, status: int, code: str, *, message: str, detail: dict[str, object] | None = None
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.detail = detail

    def body(self) -> dict[str, object]:
        """What is sent."""
        body: dict[str, object] = {"code": self.code, "message": self.message}
        return body if self.detail is None else {**body, "detail": self.detail}


def parameter_wrong(field: str, issue: str, *, location: str = "body") -> PayRefusal:
    """400 PARAM_ERROR, naming the field and never its value."""
    detail: dict[str, object] = {"field": field, "issue": issue, "location": location}
    return PayRefusal(400, "PARAM_ERROR", message="参数错误", detail=detail)


def signature_wrong(issue: str, *, method: str, url: str) -> PayRefusal:
    """401 SIGN_ERROR."""
    detail: dict[str, object] = {
        "field": "signature",
        "issue": issue,
        "location": "authorization",
        "sign_information": {"method": method, "url": url},
    }
    return PayRefusal(401, "SIGN_ERROR", message="签名错误，请检查后再试", detail=detail)


def order_missing(code: str) -> PayRefusal:
    """404: no such order of this merchant; sources spell the code in two ways."""
    return PayRefusal(404, code, message="订单不存在")


def order_paid() -> PayRefusal:
    """400 ORDER_PAID."""
    return PayRefusal(400, "ORDER_PAID", message="该订单已支付")


def request_invalid(message: str) -> PayRefusal:
    """400 INVALID_REQUEST: well formed, but against a rule."""
    return PayRefusal(400, "INVALID_REQUEST", message=message)


def resource_missing(message: str) -> PayRefusal:
    """404 RESOURCE_NOT_EXISTS."""
    return PayRefusal(404, "RESOURCE_NOT_EXISTS", message=message)


def too_often() -> PayRefusal:
    """429 FREQUENCY_LIMITED: wait and repeat with the same numbers."""
    return PayRefusal(429, "FREQUENCY_LIMITED", message="频率超限，请稍后用原单号重试")
