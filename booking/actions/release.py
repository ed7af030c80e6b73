"""A place comes back."""

from booking.models import Appointment, Channel, Place
from common import clock
from hospitals.policy import policy_of


def free_place(appointment: Appointment) -> None:
    """Empty the appointment's place; after the online cut-off it goes to the window (S4-32).

    The appointment must be locked.
    """
    now = clock.now()
    closes_at = policy_of(appointment.hospital_id, now=now).online_closes(appointment.begins_at)
    place = Place.objects.kept_by(appointment)

    if now >= closes_at:
        place.update(appointment=None, channel=Channel.WINDOW)
    else:
        place.update(appointment=None)
