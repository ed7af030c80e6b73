"""Start-up of inpatient: what it answers for other apps."""

from django.apps import AppConfig


class InpatientConfig(AppConfig):
    """Stays on a ward."""

    name = "inpatient"
    verbose_name = "住院"

    def ready(self) -> None:
        """Register the answers."""
        from accounts.frames import staff_home
        from common.live import may_follow
        from inpatient import answers, words
        from inpatient.actions.deposit import hear_deposit_paid
        from inpatient.care import lies_on_ward, may_follow_ward, wears_wristband
        from inpatient.models import Deposit
        from notifications.words import words_for
        from patients.news import kept_records, reasons_to_stay
        from payments.purposes import when_paid
        from visits.asking import day_steps_from
        from visits.care import care_relations
        from visits.finding import wristbands

        may_follow.answered_by(words.WARD, may_follow_ward)
        for kind in Deposit.Kind:
            when_paid.answered_by(str(kind), hear_deposit_paid)
        words_for.answered_by(words.ADMITTED, answers.facts_of_admission)
        words_for.answered_by(words.DAILY_LIST, answers.facts_of_daily_list)
        words_for.answered_by(words.DISCHARGED, answers.facts_of_discharge)
        care_relations.answered_by(lies_on_ward)
        wristbands.answered_by(wears_wristband)
        staff_home.answered_by(answers.ward_links)
        day_steps_from.answered_by(answers.steps_of_stay)
        reasons_to_stay.answered_by(answers.why_account_stays)
        kept_records.answered_by(answers.kept_stays)
