"""Payments at start-up."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Charges, payments, refunds and the ledger; what is sold registers itself here."""

    name = "payments"
    verbose_name = "收费"

    def ready(self) -> None:
        """Name the cashiers' duties."""
        from notifications.words import task_title
        from patients.news import kept_records, reasons_to_stay
        from payments.actions.hand_over import (
            LOOK_AT_NOTICE,
            LOOK_AT_REFUND,
            notice_title,
            refund_title,
        )
        from payments.answers import kept_ledger, why_account_stays

        task_title.answered_by(LOOK_AT_NOTICE, notice_title)
        task_title.answered_by(LOOK_AT_REFUND, refund_title)
        reasons_to_stay.answered_by(why_account_stays)
        kept_records.answered_by(kept_ledger)
