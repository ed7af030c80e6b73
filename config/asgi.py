"""HTTP and websockets in one process for development; `/ws` alone in production."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from channels.sessions import SessionMiddlewareStack
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
pages = get_asgi_application()

from accounts.consumers import live_socket  # noqa: E402 - models need Django to be set up

application = ProtocolTypeRouter(
    {
        "http": pages,
        "websocket": AllowedHostsOriginValidator(
            SessionMiddlewareStack(
                URLRouter(
                    [path("ws/v1/<slug:code>/", live_socket)]  # type: ignore[arg-type]  # ASGI, not a view
                )
            )
        ),
    }
)
