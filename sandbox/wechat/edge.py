"""Turns a handler into an endpoint of api.weixin.qq.com."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.bodies import BodyTooLong, BodyUnreadable, json_object, raw_body
from sandbox.faults import answer_under_faults
from sandbox.wechat import refusals
from sandbox.wechat.refusals import WechatRefusal
from sandbox.world import World, world_of


@dataclass(frozen=True)
class WechatCall:
    """One call: its query, and its JSON body whatever the Content-Type said."""

    world: World
    query: Mapping[str, str]
    body: Mapping[str, object]

    def text(self, name: str) -> str:
        """The body's value when it is a string, else ''."""
        value = self.body.get(name, "")
        return value if isinstance(value, str) else ""


Handler = Callable[[WechatCall], dict[str, object]]


def wechat_endpoint(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """The handler, inside one transaction, under faults, refusing as WeChat refuses."""

    async def endpoint(request: Request) -> Response:
        world = world_of(request)
        try:
            raw = await raw_body(request)
        except BodyTooLong:
            return Response(status_code=413)

        def answer() -> Response:
            try:
                body = json_object(raw) if request.method == "POST" else {}
            except BodyUnreadable:
                return JSONResponse(WechatRefusal(refusals.BODY_UNREADABLE).body())
            call = WechatCall(world, request.query_params, body)
            with world.store.transaction():  # a refusal commits too: it used up its fault
                return JSONResponse(_answered(handler, call))

        return await answer_under_faults(
            world.faults, request.url.path, answer=answer, broken=_broken
        )

    return endpoint


def _answered(handler: Handler, call: WechatCall) -> dict[str, object]:
    try:
        return handler(call)
    except WechatRefusal as refusal:
        return refusal.body()


def _broken(fault: str) -> Response:
    if fault == "http_500":
        return JSONResponse(WechatRefusal(refusals.BUSY).body(), status_code=500)
    return JSONResponse(WechatRefusal(refusals.TOO_OFTEN).body())
