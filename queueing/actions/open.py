"""A session gets its queue."""

from booking.models import Session
from common import clock
from common.commands import action, write_unless_there
from queueing.models import Queue

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which look like digits


@action
def open_queue(*, session: Session) -> Queue:
    """The session's queue, locked; made where there was none. Two make it once."""
    queues = Queue.objects.filter(hospital_id=session.hospital_id, session=session)
    known = queues.locked().select_related("room").first()
    if known is not None:
        return known

    write_unless_there(
        Queue(
            id=session.pk,  # so a screen may follow the queue before anybody has come
            hospital_id=session.hospital_id,
            session=session,
            room_id=session.room_id,
            letter=_letter(session),
            opened_at=clock.now(),
        ),
        columns=("hospital_id", "session_id"),
    )
    return queues.locked().select_related("room").get()


def _letter(session: Session) -> str:
    """By the session's place among its department's of the day, so that neighbours differ."""
    of_the_day = Session.objects.on(session.on).filter(
        hospital_id=session.hospital_id, department_id=session.department_id
    )
    keys = list(of_the_day.order_by("begins_at", "pk").values_list("pk", flat=True))
    return LETTERS[keys.index(session.pk) % len(LETTERS)]
