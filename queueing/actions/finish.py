"""The patient has been with the doctor."""

from uuid import UUID

from accounts.models import Staff
from booking import words as booking_words
from booking.models import Appointment
from common.commands import action
from payments.actions.keep import keep_charge
from payments.models import Charge
from queueing.actions.call import locked_ticket
from queueing.actions.note import By, note
from queueing.errors import TicketUnknown
from queueing.models import QueueEntry, Ticket
from visits.actions.visit import end_visit
from visits.models import Order


@action
def finish_ticket(*, ticket_id: UUID, staff: Staff) -> Ticket:
    """The consultation is over: the fee is earned; the visit ends unless something is to be done.

    Raises TicketUnknown, NotYourQueue, MoveRefused.
    """
    known = Ticket.objects.filter(hospital_id=staff.hospital_id, pk=ticket_id).first()
    if known is None:
        raise TicketUnknown(ticket_id=ticket_id)
    charges = Charge.objects.filter(purpose=booking_words.PURPOSE, subject_id=known.appointment_id)
    charge = charges.locked().first()
    appointment = Appointment.objects.locked().get(pk=known.appointment_id)
    queue, ticket = locked_ticket(ticket_id, staff=staff)

    ticket.move_to(Ticket.Status.DONE)
    note(queue=queue, ticket=ticket, kind=QueueEntry.Kind.FINISHED, by=By(staff=staff))
    if appointment.can_move_to(Appointment.Status.SEEN):
        appointment.move_to(Appointment.Status.SEEN)
    if charge is not None and charge.status == Charge.Status.PAID:
        keep_charge(charge=charge)
    if not Order.objects.undone().filter(visit=ticket.visit_id).exists():
        end_visit(visit=ticket.visit)
    return ticket
