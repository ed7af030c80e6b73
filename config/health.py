"""Whether this process can serve."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from common.pages import anyone


def healthz(_request: HttpRequest) -> HttpResponse:
    """200 once the database answers and its tables are there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM common_stream LIMIT 1")
    return JsonResponse({"ready": True})


healthz.permission = anyone  # type: ignore[attr-defined]  # the architecture test reads it
