"""Start-up of booking: what it answers for other apps."""

from django.apps import AppConfig


class BookingConfig(AppConfig):
    """Booking."""

    name = "booking"
    verbose_name = "预约"

    def ready(self) -> None:
        """Register the answers."""
        from accounts.frames import staff_home
        from booking import words
        from booking.actions.confirm import confirm_paid
        from booking.actions.release_deceased import release_deceased
        from booking.answers import (
            departments_with_sessions,
            facts_of_appointment,
            why_account_stays,
        )
        from booking.office_pages import office_link
        from booking.pages import booking_tab
        from clinic.words import bookable_departments
        from notifications.words import words_for
        from patients.frames import phone_tabs
        from patients.news import after_death, reasons_to_stay
        from payments.purposes import when_paid

        phone_tabs.answered_by(booking_tab)
        staff_home.answered_by(office_link)
        when_paid.answered_by(words.PURPOSE, confirm_paid)
        after_death.answered_by(release_deceased)
        reasons_to_stay.answered_by(why_account_stays)
        bookable_departments.answered_by(departments_with_sessions)
        for template in (words.BOOKED, words.REMINDER, words.DISPLACED):
            words_for.answered_by(template, facts_of_appointment)
