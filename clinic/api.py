"""The directory over HTTP: hospitals, departments, doctors. Open to everybody."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.errors import DepartmentUnknown
from clinic.models import Department
from clinic.serializers import (
    DepartmentOutput,
    DepartmentsInput,
    DoctorOutput,
    DoctorsInput,
    HospitalOutput,
    PageInput,
)
from clinic.words import bookable_in
from common import clock
from common.pagination import OldestFirst
from common.serializers import Input
from common.views import Anyone, View
from hospitals.policy import policy_of
from hospitals.views import HospitalView


class ByCode(OldestFirst):
    """Hospitals by code."""

    ordering = "code"


class ByRank(OldestFirst):
    """Departments as the hospital lists them, those that can be booked first."""

    ordering = ("rank", "id")


class ByNumber(OldestFirst):
    """Doctors by their number."""

    ordering = "number"


def asked(request: Request, form: type[Input]) -> dict[str, object]:
    """What the address asks for. Raises ValidationError."""
    read = form(data=request.query_params.dict())
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)


class HospitalList(View):
    """Every hospital of the deployment."""

    permission = Anyone()

    @extend_schema(parameters=[PageInput], responses=HospitalOutput(many=True))
    def get(self, request: Request) -> Response:
        """By code."""
        asked(request, PageInput)
        pages = ByCode()
        page = pages.paginate_queryset(HospitalOutput.rows(), request, view=self)
        return pages.get_paginated_response(HospitalOutput(page, many=True).data)


class HospitalDetail(HospitalView):
    """One hospital."""

    permission = Anyone()

    @extend_schema(responses=HospitalOutput)
    def get(self, _request: Request, *, code: str) -> Response:
        """As it is now, or was five seconds ago."""
        return Response(HospitalOutput(self.hospital).data)


class DepartmentList(HospitalView):
    """The hospital's departments."""

    permission = Anyone()

    @extend_schema(parameters=[DepartmentsInput], responses=DepartmentOutput(many=True))
    def get(self, request: Request, *, code: str) -> Response:
        """Those with sessions to book first, or alone with `bookable=1`."""
        bookable = bookable_in(self.hospital_id)
        rows = Department.objects.filter(hospital_id=self.hospital_id)
        if "bookable" in asked(request, DepartmentsInput):
            rows = rows.filter(pk__in=bookable)
        pages = ByRank()
        page = pages.paginate_queryset(rows.with_rank(bookable=bookable), request, view=self)
        shown = DepartmentOutput(page, many=True, context={"bookable": bookable})
        return pages.get_paginated_response(shown.data)


class DepartmentDetail(HospitalView):
    """One department."""

    permission = Anyone()

    @extend_schema(responses=DepartmentOutput)
    def get(self, _request: Request, *, code: str, department_id: UUID) -> Response:
        """The department, and whether it can be booked."""
        rows = Department.objects.filter(hospital_id=self.hospital_id, pk=department_id)
        department = rows.first()
        if department is None:
            raise DepartmentUnknown(department_id=department_id)
        bookable = bookable_in(self.hospital_id)
        return Response(DepartmentOutput(department, context={"bookable": bookable}).data)


class DoctorList(HospitalView):
    """The hospital's doctors."""

    permission = Anyone()

    @extend_schema(parameters=[DoctorsInput], responses=DoctorOutput(many=True))
    def get(self, request: Request, *, code: str) -> Response:
        """By number; `department` names one department's."""
        wanted = asked(request, DoctorsInput)
        rows = DoctorOutput.rows().filter(hospital_id=self.hospital_id)
        if "department" in wanted:
            rows = rows.filter(department_id=wanted["department"])
        pages = ByNumber()
        page = pages.paginate_queryset(rows, request, view=self)
        is_named = policy_of(self.hospital_id, now=clock.now()).show_doctor_name
        shown = DoctorOutput(page, many=True, context={"is_named": is_named})
        return pages.get_paginated_response(shown.data)
