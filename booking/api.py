"""Booking over HTTP."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from booking.actions.book import book_appointment
from booking.actions.cancel import cancel_appointment
from booking.availability import free_places
from booking.errors import AppointmentUnknown
from booking.models import Appointment, Channel
from booking.serializers import AppointmentOutput, BookInput, DayInput, EmptyInput
from common.http import account_id_of, command
from common.pagination import NewestFirst
from common.views import Anyone
from hospitals.models import Hospital
from hospitals.views import HospitalView
from patients.access import patient_for, patients_of
from patients.models import Scope
from patients.permissions import ByPatient


class DepartmentDay(HospitalView):
    """What is free on a department's day."""

    permission = Anyone()

    @extend_schema(
        parameters=[OpenApiParameter("on", OpenApiTypes.DATE, required=True)],
        responses={200: OpenApiTypes.OBJECT, 304: None},
    )
    def get(self, request: Request, department_id: UUID, **_: Any) -> HttpResponseBase:
        """The day's sessions and slots, at most a second old; 304 where nothing changed."""
        form = DayInput(data=request.query_params.dict())
        form.is_valid(raise_exception=True)
        snapshot = free_places(
            hospital_id=self.hospital_id,
            department_id=department_id,
            on=form.validated_data["on"],
        )
        headers = {"ETag": snapshot.etag, "Cache-Control": "public, max-age=1"}
        if request.headers.get("If-None-Match") == snapshot.etag:
            return HttpResponse(status=304, headers=headers)
        return HttpResponse(snapshot.body, content_type="application/json", headers=headers)


class AppointmentList(HospitalView):
    """A person's appointments in this hospital."""

    permission = ByPatient(Scope.BOOK)

    @extend_schema(responses=AppointmentOutput(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """Newest first, of everybody the account may book for."""
        patients = patients_of(account_id_of(request), self.hospital, scope=Scope.BOOK)
        rows = AppointmentOutput.rows().filter(patient__in=patients)
        pages = NewestFirst()
        page = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(AppointmentOutput(page, many=True).data)

    @extend_schema(request=BookInput, responses={201: AppointmentOutput})
    def post(self, request: Request, **_: Any) -> Response:
        """Hold a place."""
        form = BookInput(data=request.data)
        form.is_valid(raise_exception=True)
        patient = patient_for(
            request, form.validated_data.pop("patient_id"), scope=Scope.BOOK, hospital=self.hospital
        )
        return command(
            request,
            book_appointment,
            AppointmentOutput,
            patient=patient,
            channel=Channel.ONLINE,
            account=request.user,
            **form.validated_data,
        )


class AppointmentDetail(HospitalView):
    """One appointment."""

    permission = ByPatient(Scope.BOOK)

    @extend_schema(responses=AppointmentOutput)
    def get(self, request: Request, appointment_id: UUID, **_: Any) -> Response:
        """The appointment as it is now."""
        return Response(
            AppointmentOutput(
                own_appointment(request, hospital=self.hospital, appointment_id=appointment_id)
            ).data
        )


class AppointmentCancel(HospitalView):
    """Give a place back."""

    permission = ByPatient(Scope.BOOK)

    @extend_schema(request=EmptyInput, responses={200: AppointmentOutput})
    def post(self, request: Request, appointment_id: UUID, **_: Any) -> Response:
        """Cancel, in time; what was paid comes back."""
        EmptyInput(data=request.data).is_valid(raise_exception=True)
        appointment = own_appointment(
            request, hospital=self.hospital, appointment_id=appointment_id
        )
        return command(
            request,
            cancel_appointment,
            AppointmentOutput,
            status=200,
            appointment_id=appointment.pk,
            patient=appointment.patient,
        )


def own_appointment(request: Request, *, hospital: Hospital, appointment_id: UUID) -> Appointment:
    """An appointment of somebody the account may book for. Raises AppointmentUnknown."""
    patients = patients_of(account_id_of(request), hospital, scope=Scope.BOOK)
    found = AppointmentOutput.rows().filter(pk=appointment_id, patient__in=patients).first()
    if not isinstance(found, Appointment):
        raise AppointmentUnknown(appointment_id=appointment_id)
    return found
