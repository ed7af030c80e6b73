"""Turns every no into an RFC 9457 problem with a stable code. The one place that knows statuses."""

import http
import math
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from common.errors import DomainError, InFlight, Kind, TooMany
from common.locking import is_lock_timeout

STATUS: Mapping[Kind, int] = {
    Kind.INVALID: 422,
    Kind.UNKNOWN_CALLER: 401,
    Kind.REFUSED: 403,
    Kind.MISSING: 404,
    Kind.CONFLICT: 409,
    Kind.BUSY: 503,
}
OWN_STATUS: Mapping[str, int] = {
    "common.too_large": 413,
    "common.too_many": 429,
    "common.key_missing": 400,
}
RETRY_SECONDS = 1

FRAMEWORK_CODES: Mapping[type[exceptions.APIException], str] = {
    exceptions.ParseError: "http.malformed",
    exceptions.NotAuthenticated: "http.sign_in",
    exceptions.AuthenticationFailed: "http.sign_in",
    exceptions.PermissionDenied: "http.not_allowed",
    exceptions.NotFound: "http.not_found",
    exceptions.MethodNotAllowed: "http.method",
    exceptions.NotAcceptable: "http.not_acceptable",
    exceptions.UnsupportedMediaType: "http.media_type",
    exceptions.Throttled: "common.too_many",
}


def status_of(error: DomainError) -> int:
    """The HTTP status of a refusal."""
    return OWN_STATUS.get(error.code, STATUS[error.kind])


def problem(status: int, code: str, **members: object) -> dict[str, object]:
    """The body of a problem. `title` is for people who read logs; programs read `code`."""
    title = http.HTTPStatus(status).phrase
    return {
        "type": f"urn:zhencheng:{code}",
        "title": title,
        "status": status,
        "code": code,
        **members,
    }


def problem_response(status: int, code: str, **members: object) -> Response:
    """The answer that carries a problem."""
    response = Response(
        problem(status, code, **members), status=status, content_type="application/problem+json"
    )
    if status in {429, 503}:
        response["Retry-After"] = str(members.get("seconds", RETRY_SECONDS))
    return response


def of_domain(error: DomainError) -> Response:
    """The answer to a refusal: its code and its facts."""
    return problem_response(
        status_of(error), error.code, **{name: _plain(fact) for name, fact in error.facts.items()}
    )


def _plain(fact: object) -> object:
    if isinstance(fact, UUID):
        return str(fact)
    return fact.isoformat() if hasattr(fact, "isoformat") else fact


def answer_problem(trouble: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler. A bug stays a 500."""
    set_rollback()
    known = ours(trouble)
    if known is not None:
        return of_domain(known)
    if isinstance(trouble, exceptions.ValidationError):
        return problem_response(422, "http.invalid", fields=codes_of(trouble.get_codes()))
    if isinstance(trouble, Http404 | PermissionDenied):
        trouble = (
            exceptions.NotFound() if isinstance(trouble, Http404) else exceptions.PermissionDenied()
        )
    if isinstance(trouble, exceptions.APIException):
        code = FRAMEWORK_CODES.get(type(trouble), "http.refused")
        response = problem_response(trouble.status_code, code)
        if isinstance(trouble, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
            response.status_code = 401
            response.data["status"] = 401
            response["WWW-Authenticate"] = "Token"
        return response
    return None


def ours(trouble: Exception) -> DomainError | None:
    """The refusal that an exception stands for, if it is one of the house."""
    if isinstance(trouble, DomainError):
        return trouble
    if isinstance(trouble, OperationalError) and is_lock_timeout(trouble):
        return InFlight()
    if isinstance(trouble, exceptions.Throttled):
        return TooMany(seconds=max(1, math.ceil(getattr(trouble, "wait", None) or 1)))
    return None


def codes_of(codes: Any) -> Any:
    """Which field is wrong, and how, without repeating what was sent."""
    if isinstance(codes, dict):
        return {str(name): codes_of(inner) for name, inner in codes.items()}
    if isinstance(codes, list):
        return [codes_of(inner) for inner in codes]
    return str(codes)
