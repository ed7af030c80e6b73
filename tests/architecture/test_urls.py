"""Every address names who may use it."""

from collections.abc import Iterable, Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path
from rest_framework.views import APIView

from common.pages import anyone, page
from common.views import Anyone, View

# Addresses of libraries that guard themselves: Django's admin asks for staff at each of its pages.
GUARD_THEMSELVES = ("admin/",)


def addresses(
    patterns: Iterable[URLPattern | URLResolver], before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every address below, with its pattern."""
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, here)
        else:
            yield here, pattern


def names_its_permission(pattern: URLPattern) -> bool:
    """Whether the view behind the address says who may use it."""
    view = pattern.callback
    cls = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if cls is None:
        return callable(getattr(view, "permission", None))
    if issubclass(cls, APIView):
        return issubclass(cls, View) and hasattr(cls, "permission")
    return callable(getattr(view, "permission", None) or getattr(cls, "permission", None))


def unnamed(patterns: Iterable[URLPattern | URLResolver]) -> list[str]:
    """Addresses that forgot."""
    return [
        address
        for address, pattern in addresses(patterns)
        if not address.startswith(GUARD_THEMSELVES) and not names_its_permission(pattern)
    ]


def bare_page(_request: HttpRequest) -> HttpResponse:
    """A page that names nobody."""
    return HttpResponse()


class BareView(APIView):
    """A view with the framework's default permission."""


class ForgetfulView(View):
    """A view of ours that names no permission."""


class OpenView(View):
    """A view of ours, open to everybody."""

    permission = Anyone()


def test_every_address_names_its_permission() -> None:
    assert unnamed(get_resolver().url_patterns) == []


def test_there_are_addresses_to_look_at() -> None:
    assert "healthz" in [address for address, _ in addresses(get_resolver().url_patterns)]


@pytest.mark.parametrize(
    "pattern",
    [
        path("bare/", bare_page),
        path("bare-view/", BareView.as_view()),
        path("forgetful/", ForgetfulView.as_view()),
    ],
)
def test_an_address_that_forgets_is_found(pattern: URLPattern) -> None:
    assert len(unnamed([pattern])) == 1


@pytest.mark.parametrize(
    "pattern", [path("page/", page(anyone)(bare_page)), path("view/", OpenView.as_view())]
)
def test_an_address_that_names_it_passes(pattern: URLPattern) -> None:
    assert unnamed([pattern]) == []
