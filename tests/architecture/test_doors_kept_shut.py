"""No back door shows people: Django's admin is not there, and the API answers JSON alone."""

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.renderers import JSONRenderer
from rest_framework.views import APIView

from tests.architecture.source import sources
from tests.architecture.test_urls import addresses


def test_djangos_admin_is_not_installed_and_registers_nobody() -> None:
    registering = [one.path for one in sources() if "django.contrib.admin" in one.text]

    assert not apps.is_installed("django.contrib.admin")
    assert [path for path in registering if not path.startswith("tests/")] == []
    assert not any(address.startswith("admin") for address, _ in addresses(_patterns()))


def test_no_api_view_is_browsable() -> None:
    callbacks = [pattern.callback for _, pattern in addresses(_patterns())]
    views = [getattr(one, "view_class", None) or getattr(one, "cls", None) for one in callbacks]
    ours = [one for one in views if one is not None and issubclass(one, APIView)]

    rendered = {kind for one in ours for kind in one.renderer_classes}

    assert len(ours) > 10
    assert all(issubclass(kind, JSONRenderer) for kind in rendered)


def _patterns() -> list[URLPattern | URLResolver]:
    return list(get_resolver().url_patterns)
