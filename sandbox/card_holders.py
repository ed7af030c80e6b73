"""A mock of who issues electronic credentials (模拟): made-up holders, and it says so."""

import json
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.bodies import BodyTooLong, BodyUnreadable, json_object, raw_body
from sandbox.faults import answer_under_faults
from sandbox.world import World, world_of

LABEL = "模拟"
TOLD = ("number", "name", "document_type", "document_number")


async def issue_credential(request: Request) -> Response:
    """POST /mock/credentials {kind, shown, number, name, document_type, document_number}."""
    body = await _body(request)
    if body is None or not _is_whole(body, ("kind", "shown", *TOLD)):
        return JSONResponse({"error": "field"}, status_code=400)
    world_of(request).store.run(
        "INSERT OR REPLACE INTO credentials (kind, shown, told) VALUES (?, ?, ?)",
        str(body["kind"]),
        str(body["shown"]),
        json.dumps({name: body[name] for name in TOLD}, ensure_ascii=False),
    )
    return JSONResponse({"is_mock": True, "label": LABEL}, status_code=201)


async def card_holder(request: Request) -> Response:
    """POST /mock/card-holder {kind, shown}: whose the credential is."""
    world = world_of(request)
    body = await _body(request)
    if body is None or not _is_whole(body, ("kind", "shown")):
        return JSONResponse({"error": "field"}, status_code=400)
    return await answer_under_faults(
        world.faults, request.url.path, answer=lambda: _holder(world, body), broken=_broken
    )


def _holder(world: World, body: Mapping[str, object]) -> Response:
    row = world.store.one(
        "SELECT told FROM credentials WHERE kind = ? AND shown = ?",
        str(body["kind"]),
        str(body["shown"]),
    )
    if row is None:
        return JSONResponse({"error": "unknown", "is_mock": True}, status_code=404)
    return JSONResponse({**json.loads(row["told"]), "is_mock": True, "label": LABEL})


async def _body(request: Request) -> dict[str, object] | None:
    try:
        return json_object(await raw_body(request))
    except (BodyTooLong, BodyUnreadable):
        return None


def _is_whole(body: Mapping[str, object], names: tuple[str, ...]) -> bool:
    return all(isinstance(body.get(name), str) and body[name] for name in names)


def _broken(fault: str) -> Response:
    return JSONResponse({"error": fault}, status_code=500 if fault == "http_500" else 429)


ROUTES = [
    Route("/mock/credentials", issue_credential, methods=["POST"]),
    Route("/mock/card-holder", card_holder, methods=["POST"]),
]
