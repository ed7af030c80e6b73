"""What booking calls things when it speaks to other apps and to people."""

from booking.models import Appointment, Slot
from common import clock

PURPOSE = "appointment"  # of a charge

BOOKED = "appointment_booked"  # templates of messages
REMINDER = "appointment_reminder"
DISPLACED = "appointment_displaced"
ALL_TEMPLATES = (BOOKED, REMINDER)


def fee_title(slot: Slot) -> str:
    """What the bill says, without any person."""
    return f"挂号费 {clock.local(slot.begins_at):%Y-%m-%d %H:%M}"


def shown_time(appointment: Appointment) -> str:
    """`2026-11-23 09:30`, on the hospital's wall, as WeChat's type `time` wants it."""
    return f"{clock.local(appointment.begins_at):%Y-%m-%d %H:%M}"
