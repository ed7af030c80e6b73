"""What queueing's answers show."""

from typing import ClassVar

from rest_framework import serializers

from common.serializers import Output
from queueing.models import Ticket
from queueing.position import position_of


class QueueTicketOutput(Output):
    """A ticket as its patient sees it."""

    related: ClassVar[tuple[str, ...]] = (
        "queue__room",
        "called_room",
        "queue__session__department",
    )
    department_name = serializers.CharField(source="queue.session.department.name", read_only=True)
    status = serializers.CharField(read_only=True)
    room = serializers.SerializerMethodField()
    ahead = serializers.SerializerMethodField()
    moved_back_because = serializers.SerializerMethodField()

    class Meta:
        model = Ticket
        fields: ClassVar[list[str]] = [
            "id",
            "appointment_id",
            "patient_id",
            "label",
            "status",
            "department_name",
            "room",
            "ahead",
            "moved_back_because",
        ]
        read_only_fields = fields

    def get_room(self, ticket: Ticket) -> str:
        """Where to go."""
        return (ticket.called_room or ticket.queue.room).name

    def get_ahead(self, ticket: Ticket) -> int:
        """How many are called before."""
        return position_of(ticket).ahead

    def get_moved_back_because(self, ticket: Ticket) -> str:
        """Why the latest change put it back, or nothing."""
        return position_of(ticket).reason
