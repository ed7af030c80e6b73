"""Turns a handler into a control, behind the secret."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.bodies import BodyTooLong, BodyUnreadable, json_object, raw_body
from sandbox.doors import has_entered
from sandbox.world import World, world_of


class ControlRefusal(Exception):
    """The control does nothing; `code` says why, `field` where."""

    def __init__(self, code: str, field: str = "", *, status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.status = status


@dataclass(frozen=True)
class ControlCall:
    """One call that knew the secret."""

    world: World
    query: Mapping[str, str]
    body: dict[str, object]

    def text(self, name: str) -> str:
        """A string that is there. Raises ControlRefusal."""
        value = self.body.get(name)
        if not isinstance(value, str) or not value:
            raise ControlRefusal("wrong_value", name)
        return value

    def whole(self, name: str, *, default: int, largest: int) -> int:
        """A whole number from 1 to the largest. Raises ControlRefusal."""
        value = self.body.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= largest:
            raise ControlRefusal("wrong_value", name)
        return value


Handler = Callable[[ControlCall], dict[str, object]]


def control(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """The handler inside one transaction; 403 without the secret."""

    async def endpoint(request: Request) -> Response:
        world = world_of(request)
        if not has_entered(request, world.credentials):
            return _refused(ControlRefusal("secret_wrong", status=403))
        try:
            raw = await raw_body(request)
            body = json_object(raw) if request.method == "POST" else {}
            with world.store.transaction():
                return JSONResponse(handler(ControlCall(world, request.query_params, body)))
        except BodyTooLong:
            return _refused(ControlRefusal("body_too_long", status=413))
        except BodyUnreadable:
            return _refused(ControlRefusal("body_unreadable"))
        except ControlRefusal as refusal:
            return _refused(refusal)

    return endpoint


def _refused(refusal: ControlRefusal) -> Response:
    body = {"error": refusal.code, "field": refusal.field}
    return JSONResponse(body, status_code=refusal.status)
