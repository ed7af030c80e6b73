"""Start-up of cards."""

from django.apps import AppConfig


class CardsConfig(AppConfig):
    """Cards."""

    name = "cards"
    verbose_name = "就诊卡"

    def ready(self) -> None:
        """Put the reader and the window among the staff's places of work."""
        from accounts.frames import staff_home
        from cards.counter import window_link
        from cards.desk import place_of_work

        staff_home.answered_by(place_of_work)
        staff_home.answered_by(window_link)
