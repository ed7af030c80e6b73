"""Start-up of queueing: what it answers for other apps."""

from django.apps import AppConfig


class QueueingConfig(AppConfig):
    """Queues and calls."""

    name = "queueing"
    verbose_name = "候诊"

    def ready(self) -> None:
        """Register the answers."""
        from accounts.frames import staff_home
        from common.live import may_follow
        from notifications.words import words_for
        from queueing import answers, models, words
        from visits.asking import day_steps_from
        from visits.care import care_relations

        may_follow.answered_by(models.QUEUE_STREAM, answers.may_follow_queue)
        may_follow.answered_by(models.DAY_STREAM, answers.may_follow_day)
        for template in (words.TURN_NEAR, words.YOUR_TURN):
            words_for.answered_by(template, answers.facts_of_ticket)
        day_steps_from.answered_by(answers.steps_of_tickets)
        staff_home.answered_by(answers.queue_links)
        care_relations.answered_by(answers.in_todays_queue)
