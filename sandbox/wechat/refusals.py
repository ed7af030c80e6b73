"""How the mini-program API says no: HTTP 200, an errcode, and a text with a request id."""

import secrets
import time

BUSY = -1
TOKEN_NOT_LATEST = 40001
GRANT_TYPE_WRONG = 40002
OPENID_WRONG = 40003
APP_WRONG = 40013
TOKEN_MALFORMED = 40014
CODE_WRONG = 40029
TEMPLATE_WRONG = 40037
SECRET_WRONG = 40125
CODE_USED = 40163
TOKEN_MISSING = 41001
APP_MISSING = 41002
SECRET_MISSING = 41004
CODE_MISSING = 41008
PAGE_WRONG = 41030
TOKEN_EXPIRED = 42001
PERSON_REFUSES = 43101
TOO_OFTEN = 45009
BODY_UNREADABLE = 47001
ARGUMENT_WRONG = 47003

TEXTS: dict[int, str] = {
    BUSY: "system error",
    TOKEN_NOT_LATEST: (
        "invalid credential, access_token is invalid or not latest,"
        " could get access_token by getStableAccessToken"
    ),
    GRANT_TYPE_WRONG: "invalid grant_type",
    OPENID_WRONG: "invalid openid",
    APP_WRONG: "invalid appid",
    TOKEN_MALFORMED: "invalid access_token",
    CODE_WRONG: "invalid code",
    TEMPLATE_WRONG: "invalid template_id",
    SECRET_WRONG: "invalid appsecret",
    CODE_USED: "code been used",
    TOKEN_MISSING: "access_token missing",
    APP_MISSING: "appid missing",
    SECRET_MISSING: "appsecret missing",
    CODE_MISSING: "js_code missing",
    PAGE_WRONG: "invalid page",
    TOKEN_EXPIRED: "access_token expired",
    PERSON_REFUSES: "user refuse to accept the msg",
    TOO_OFTEN: "reach max api daily quota limit",
    BODY_UNREADABLE: "data format error",
    ARGUMENT_WRONG: "argument invalid!",
}


class WechatRefusal(Exception):
    """The call is answered with this errcode."""

    def __init__(self, errcode: int, *, text: str | None = None) -> None:
        super().__init__(errcode)
        self.errcode = errcode
        self.text = TEXTS[errcode] if text is None else text

    def body(self) -> dict[str, object]:
        """What is sent; each with a fresh `rid`."""
        return {"errcode": self.errcode, "errmsg": f"{self.text} rid: {_rid()}"}


def _rid() -> str:
    return f"{int(time.time()):08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
