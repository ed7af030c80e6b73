"""Start-up of the pharmacy: what it answers for other apps."""

from django.apps import AppConfig


class PharmacyConfig(AppConfig):
    """The pharmacy."""

    name = "pharmacy"
    verbose_name = "药房"

    def ready(self) -> None:
        """Register the answers."""
        from accounts.frames import staff_home
        from common.live import may_follow
        from notifications.words import words_for
        from payments.purposes import when_paid
        from pharmacy import words
        from pharmacy.actions.dispense import mark_paid
        from pharmacy.answers import (
            facts_of_prescription,
            may_follow_pharmacy,
            place_of_work,
            prescriptions_part,
            steps_of_day,
        )
        from pharmacy.models import PURPOSE, STREAM
        from visits.asking import day_steps_from
        from visits.reading import record_parts

        when_paid.answered_by(PURPOSE, mark_paid)
        may_follow.answered_by(STREAM, may_follow_pharmacy)
        staff_home.answered_by(place_of_work)
        day_steps_from.answered_by(steps_of_day)
        record_parts.answered_by(prescriptions_part)
        for template in words.ALL_TEMPLATES:
            words_for.answered_by(template, facts_of_prescription)
