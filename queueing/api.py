"""Queueing over HTTP."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from booking.errors import AppointmentUnknown
from booking.models import Appointment
from booking.serializers import EmptyInput
from common.http import account_id_of, command
from hospitals.views import HospitalView
from patients.access import patients_of
from patients.models import Scope
from patients.permissions import ByPatient
from queueing.actions.check_in import check_in
from queueing.errors import TicketUnknown
from queueing.serializers import QueueTicketOutput


class AppointmentCheckIn(HospitalView):
    """Arrive."""

    permission = ByPatient(Scope.QUEUE)

    @extend_schema(request=EmptyInput, responses={201: QueueTicketOutput})
    def post(self, request: Request, appointment_id: UUID, **_: Any) -> Response:
        """Check in; after a missed call, go back in line."""
        EmptyInput(data=request.data).is_valid(raise_exception=True)
        patients = patients_of(account_id_of(request), self.hospital, scope=Scope.QUEUE)
        appointments = Appointment.objects.select_related("patient")
        appointment = appointments.filter(pk=appointment_id, patient__in=patients).first()
        if appointment is None:
            raise AppointmentUnknown(appointment_id=appointment_id)
        return command(
            request,
            check_in,
            QueueTicketOutput,
            appointment_id=appointment.pk,
            patient=appointment.patient,
            account=request.user,
        )


class TicketDetail(HospitalView):
    """One ticket."""

    permission = ByPatient(Scope.QUEUE)

    @extend_schema(responses=QueueTicketOutput)
    def get(self, request: Request, ticket_id: UUID, **_: Any) -> Response:
        """The ticket as it is now."""
        patients = patients_of(account_id_of(request), self.hospital, scope=Scope.QUEUE)
        ticket = QueueTicketOutput.rows().filter(pk=ticket_id, patient__in=patients).first()
        if ticket is None:
            raise TicketUnknown(ticket_id=ticket_id)
        return Response(QueueTicketOutput(ticket).data)
