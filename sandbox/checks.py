"""A mock of a document check (模拟核验): it compares nothing, and says so in every answer."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.bodies import BodyTooLong, BodyUnreadable, json_object, raw_body
from sandbox.faults import answer_under_faults
from sandbox.world import world_of

LABEL = "模拟核验"
ASKED = ("name", "document_type", "number")


async def check_document(request: Request) -> Response:
    """POST /mock/document-check: what the switch `document_check` says of any name and number."""
    world = world_of(request)
    try:
        body = json_object(await raw_body(request))
    except BodyTooLong:
        return Response(status_code=413)
    except BodyUnreadable:
        return JSONResponse({"error": "body"}, status_code=400)

    def answer() -> Response:
        if not _is_whole(body):
            return JSONResponse({"error": "field"}, status_code=400)
        verdict = world.switches.position("document_check")
        return JSONResponse({"verdict": verdict, "is_mock": True, "label": LABEL})

    return await answer_under_faults(world.faults, request.url.path, answer=answer, broken=_broken)


def _is_whole(body: Mapping[str, object]) -> bool:
    return all(isinstance(body.get(name), str) and body[name] for name in ASKED)


def _broken(fault: str) -> Response:
    return JSONResponse({"error": fault}, status_code=500 if fault == "http_500" else 429)


ROUTES = [Route("/mock/document-check", check_document, methods=["POST"])]
