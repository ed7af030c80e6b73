"""Start-up of interop."""

from django.apps import AppConfig


class InteropConfig(AppConfig):
    """The edges to hospital systems."""

    name = "interop"
    verbose_name = "系统对接"

    def ready(self) -> None:
        """Say who applies which kind of message, and where people look at the rest."""
        from accounts.frames import staff_home
        from interop.actions.order import KINDS, apply_order
        from interop.actions.prescribe import apply_prescription
        from interop.actions.report import apply_report
        from interop.answers import place_of_work
        from interop.fhir.prescriptions import KIND
        from interop.hl7v2.reports import REPORT_KINDS
        from interop.kinds import when_received

        for kind in sorted(KINDS):
            when_received(kind, apply_order)
        for kind in sorted(REPORT_KINDS):
            when_received(kind, apply_report)
        when_received(KIND, apply_prescription)
        staff_home.answered_by(place_of_work)
