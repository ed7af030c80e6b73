"""Where WeChat pushes what its users did: `/wechat/<app id>/`."""

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.actions.receive_push import receive_push, try_to_apply_push
from accounts.pushes import prove_address
from common import clock
from common.errors import DomainError
from common.logs import refusal_noted
from common.pages import anyone, page
from common.problems import status_of
from hospitals.models import MiniProgram

log = logging.getLogger(__name__)
LARGEST_PUSH_BYTES = 64 * 1024
TAKEN = "success"  # any other answer makes WeChat repeat the push


@csrf_exempt
@require_http_methods(["GET", "POST"])
@page(anyone)
def wechat_push(request: HttpRequest, app_id: str) -> HttpResponse:
    """WeChat proves the address (GET) or tells an event (POST): proved, stored, answered."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST_PUSH_BYTES:
        return _plain("common.too_large", status=413)
    mini_program = MiniProgram.objects.filter(app_id=app_id).first()
    if mini_program is None:
        return _plain("accounts.app_unknown", status=404)
    query = request.GET.dict()
    try:
        with refusal_noted(log, "a push is refused", program_id=mini_program.pk):
            if request.method == "GET":
                now = clock.real_now()
                return _plain(prove_address(mini_program, query=query, now=now), status=200)
            push_id = receive_push(mini_program=mini_program, query=query, body=request.body)
    except DomainError as refusal:
        return _plain(refusal.code, status=status_of(refusal))
    try_to_apply_push(push_id)
    return _plain(TAKEN, status=200)


def _plain(text: str, *, status: int) -> HttpResponse:
    """Plain text: what a stranger sent as `echostr` is never a page."""
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
