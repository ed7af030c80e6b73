"""Start-up of visits: what they answer for other apps."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Visits and orders."""

    name = "visits"
    verbose_name = "就诊"

    def ready(self) -> None:
        """Register the answers."""
        from payments.purposes import when_paid
        from visits.actions.order import ready_paid_order
        from visits.answers import steps_of_appointments
        from visits.asking import day_steps_from
        from visits.care import care_relations, visit_in_department
        from visits.models import ORDER_PURPOSE

        when_paid.answered_by(ORDER_PURPOSE, ready_paid_order)
        day_steps_from.answered_by(steps_of_appointments)
        care_relations.answered_by(visit_in_department)
