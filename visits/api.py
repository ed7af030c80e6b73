"""Who read my record, across hospitals."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules import account_of
from common.pagination import NewestFirst
from common.views import View
from patients.permissions import ByPatient
from visits.serializers import AccessLineOutput
from visits.who_read import in_words, lines_about


class MyAccessLines(View):
    """The access log of the account's own records (谁看过我的病历)."""

    permission = ByPatient()
    pagination_class = NewestFirst

    @extend_schema(responses=AccessLineOutput(many=True))
    def get(self, request: Request) -> Response:
        """The newest first."""
        paginator = self.pagination_class()
        lines = lines_about(account_of(request).pk)
        shown = in_words(paginator.paginate_queryset(lines, request, view=self) or ())
        return paginator.get_paginated_response(AccessLineOutput(shown, many=True).data)
