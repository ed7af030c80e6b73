"""Start-up of records: what they answer for other apps."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Visit records."""

    name = "records"
    verbose_name = "就诊记录"

    def ready(self) -> None:
        """Register the answers."""
        from accounts.frames import staff_home
        from records.answers import open_request, place_of_work
        from visits.care import care_relations

        staff_home.answered_by(place_of_work)
        care_relations.answered_by(open_request)
