"""Turns a handler into an endpoint of api.mch.weixin.qq.com."""

import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from sandbox.bodies import BodyTooLong, BodyUnreadable, json_object, longest_character, raw_body
from sandbox.credentials import Merchant
from sandbox.faults import answer_under_faults
from sandbox.pay.refusals import PayRefusal, parameter_wrong, signature_wrong
from sandbox.pay.signatures import SignatureWrong, SignedRequest
from sandbox.world import World, world_of

WIDEST_CHARACTER = 3  # UTF-8 bytes; emoji and many rare characters need four


@dataclass(frozen=True)
class PayCall:
    """One call whose signature was right."""

    world: World
    merchant: Merchant
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, object]
    base_url: str


@dataclass(frozen=True)
class Download:
    """A file; the one success that WeChat Pay does not sign."""

    content: bytes
    media_type: str


Answer = dict[str, object] | Download | None
Handler = Callable[[PayCall], Answer]


def pay_endpoint(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """The handler behind the signature check, in one transaction, its success signed."""

    async def endpoint(request: Request) -> Response:
        world = world_of(request)
        try:
            raw = await raw_body(request)
        except BodyTooLong:
            return _refused(PayRefusal(413, "PARAM_ERROR", message="请求体过大"))

        def answer() -> Response:
            try:
                call = _verified_call(request, raw)
            except PayRefusal as refusal:
                return _refused(refusal)
            with world.store.transaction():  # a refusal commits too: refunds may have settled
                return _answered(handler, call)

        return await answer_under_faults(
            world.faults, request.url.path, answer=answer, broken=_broken
        )

    return endpoint


def _verified_call(request: Request, raw: bytes) -> PayCall:
    world = world_of(request)
    target: bytes = request.scope["raw_path"]
    if request.scope["query_string"]:
        target += b"?" + request.scope["query_string"]
    authorization = request.headers.get("authorization", "")
    signed = SignedRequest(authorization, request.method, target, raw)
    try:
        merchant = world.signer.merchant_of(signed, now=world.clock.real())
    except SignatureWrong as trouble:
        url = target.decode("latin-1")
        raise signature_wrong(str(trouble), method=request.method, url=url) from trouble
    return PayCall(
        world=world,
        merchant=merchant,
        path=request.path_params,
        query=request.query_params,
        body=_body(raw) if request.method == "POST" else {},
        base_url=str(request.base_url).rstrip("/"),
    )


def _body(raw: bytes) -> dict[str, object]:
    try:
        body = json_object(raw)
    except BodyUnreadable as trouble:
        raise parameter_wrong("body", "不是有效的JSON对象") from trouble
    if longest_character(body) > WIDEST_CHARACTER:
        raise parameter_wrong("body", "只支持1-3字节的UTF-8字符")
    if _holds_null(body):
        raise parameter_wrong("body", "值不能为null")
    return body


def _holds_null(value: object) -> bool:
    if isinstance(value, dict):
        return any(_holds_null(one) for one in value.values())
    if isinstance(value, list):
        return any(_holds_null(one) for one in value)
    return value is None


def _answered(handler: Handler, call: PayCall) -> Response:
    try:
        return _signed(call, handler(call))
    except PayRefusal as refusal:
        return _refused(refusal)


def _signed(call: PayCall, answer: Answer) -> Response:
    request_id = {"Request-ID": _request_id()}
    if isinstance(answer, Download):
        return Response(answer.content, media_type=answer.media_type, headers=request_id)
    body = b"" if answer is None else _dumped(answer)
    now = call.world.clock.real()
    headers = {**request_id, **call.world.signer.headers(call.merchant, body, now=now)}
    if answer is None:
        return Response(status_code=204, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def _refused(refusal: PayRefusal) -> Response:
    return Response(
        _dumped(refusal.body()),
        status_code=refusal.status,
        media_type="application/json",
        headers={"Request-ID": _request_id()},
    )


def _broken(fault: str) -> Response:
    if fault == "http_500":
        return _refused(PayRefusal(500, "SYSTEM_ERROR", message="系统异常，请用相同参数重新调用"))
    return _refused(PayRefusal(429, "RATELIMIT_EXCEEDED", message="请求超过频率限制"))


def _dumped(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _request_id() -> str:
    return secrets.token_hex(16).upper()
