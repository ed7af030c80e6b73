"""Start-up of visits: what they answer for other apps."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Visits and orders."""

    name = "visits"
    verbose_name = "就诊"

    def ready(self) -> None:
        """Register the answers."""
        from accounts.frames import staff_home
        from notifications.words import task_title
        from patients.news import kept_records
        from payments.purposes import when_paid
        from visits import words
        from visits.actions.order import ready_paid_order
        from visits.answers import kept_visits, steps_of_appointments
        from visits.asking import day_steps_from
        from visits.care import care_relations, open_task, visit_in_department
        from visits.models import ORDER_PURPOSE
        from visits.reading import reading_links, record_parts, visits_part

        when_paid.answered_by(ORDER_PURPOSE, ready_paid_order)
        day_steps_from.answered_by(steps_of_appointments)
        care_relations.answered_by(visit_in_department)
        care_relations.answered_by(open_task)
        kept_records.answered_by(kept_visits)
        record_parts.answered_by(visits_part)
        staff_home.answered_by(reading_links)
        for kind in words.TASK_TITLES:
            task_title.answered_by(kind, words.title_of_task)
