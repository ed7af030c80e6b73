"""The day over HTTP, across hospitals; it changes nothing."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules import account_of
from common import clock
from common.views import View
from journey.days import day_of, grants_in
from journey.serializers import MyDayOutput
from patients.access import show_to_family
from patients.permissions import ByPatient


class MyDay(View):
    """Today, of everybody the account acts for."""

    permission = ByPatient()

    @extend_schema(responses=MyDayOutput)
    def get(self, request: Request) -> Response:
        """The steps of each person in each hospital, the earliest first."""
        today = clock.today()
        account_id = account_of(request).pk
        grants = grants_in(account_id)
        patients = [grant.patient for grant in grants]
        show_to_family(account_id=account_id, patients=patients, shown="day", is_daily=True)
        days = [day_of(grant, on=today) for grant in grants]
        return Response(MyDayOutput({"on": today, "days": days}).data)
