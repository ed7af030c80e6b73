"""Who may use the controls and the phones: whoever knows the phone page's secret."""

import hashlib
import hmac

from starlette.requests import Request

from sandbox.credentials import Credentials

COOKIE = "sandbox_phone"
HEADER = "X-Sandbox-Secret"


def cookie_value(credentials: Credentials) -> str:
    """What proves knowledge of the secret without carrying it.

    Cookies ignore ports, so the product on the same host sees this value.
    """
    return hmac.new(credentials.phone_secret.encode(), b"phone cookie", hashlib.sha256).hexdigest()


def is_secret(credentials: Credentials, told: str) -> bool:
    """Whether this is the secret."""
    return hmac.compare_digest(credentials.phone_secret.encode(), told.encode())


def has_entered(request: Request, credentials: Credentials) -> bool:
    """Whether the header or the cookie opens the door, and the page asking is our own."""
    if is_secret(credentials, request.headers.get(HEADER, "")):
        return True
    told = request.cookies.get(COOKIE, "")
    if not hmac.compare_digest(cookie_value(credentials).encode(), told.encode()):
        return False
    return request.method == "GET" or _is_our_own_page(request)


def _is_our_own_page(request: Request) -> bool:
    origin = request.headers.get("origin")
    return origin is None or origin == f"{request.url.scheme}://{request.url.netloc}"
