"""What every answer carries and what every request is bounded by."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from common.errors import TooLarge
from common.problems import problem, status_of

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "media-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
LARGEST_BODY_BYTES = 1024 * 1024
LARGEST_PAPER_BYTES = 10 * 1024 * 1024  # a PDF brought to /verify/
Handler = Callable[[HttpRequest], HttpResponse]


class ContentSecurityPolicy:
    """The strict policy of all pages: nothing inline, nothing from elsewhere."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "geolocation=(), camera=(self)")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class BoundedBody:
    """Refuses a body that says it is too large before reading it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            length = int(request.headers.get("Content-Length") or 0)
        except ValueError:
            length = LARGEST_PAPER_BYTES + 1
        most = LARGEST_PAPER_BYTES if request.path.startswith("/verify/") else LARGEST_BODY_BYTES
        if length > most:
            error = TooLarge(bytes=most)
            return JsonResponse(
                problem(status_of(error), error.code, bytes=most),
                status=status_of(error),
                content_type="application/problem+json",
            )
        return self.get_response(request)
