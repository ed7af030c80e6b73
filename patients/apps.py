"""Start-up of patients."""

from django.apps import AppConfig


class PatientsConfig(AppConfig):
    """Patients."""

    name = "patients"
    verbose_name = "患者"

    def ready(self) -> None:
        """Put one's own page among the phone's tabs, and the desks' among the staff's."""
        from accounts.frames import staff_home
        from common.crypto_index import plain_of_index
        from patients import indexed
        from patients.counter_pages import counter_link
        from patients.frames import my_tab, phone_tabs
        from patients.merge_pages import review_link
        from patients.proxy_pages import proxy_links

        phone_tabs.answered_by(my_tab)
        plain_of_index.answered_by("person.document", indexed.documents)
        plain_of_index.answered_by("patient.phone", indexed.phones)
        plain_of_index.answered_by("identifier.value", indexed.identifiers)
        for links in (counter_link, review_link, proxy_links):
            staff_home.answered_by(links)
