"""Start-up of results: what they answer for other apps."""

from django.apps import AppConfig


class ResultsConfig(AppConfig):
    """Reports."""

    name = "results"
    verbose_name = "报告"

    def ready(self) -> None:
        """Register the answers."""
        from notifications.words import words_for
        from results import words
        from results.answers import facts_of_report, reports_part, steps_of_day
        from visits.asking import day_steps_from
        from visits.reading import record_parts

        for template in words.ALL_TEMPLATES:
            words_for.answered_by(template, facts_of_report)
        day_steps_from.answered_by(steps_of_day)
        record_parts.answered_by(reports_part)
