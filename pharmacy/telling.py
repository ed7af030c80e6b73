"""Who sees that a prescription changed."""

from common.live import StreamName, announce
from patients.models import Scope
from pharmacy.models import STREAM, Prescription


def announce_change(prescription: Prescription) -> None:
    """The pharmacy's screens look again, and the phones of those who may fetch it (scope 候诊)."""
    hospital_id = prescription.hospital_id
    for stream, needs in (
        (StreamName(hospital_id, STREAM, hospital_id), ""),
        (StreamName(hospital_id, "day", prescription.patient_id), str(Scope.QUEUE)),
    ):
        announce(
            stream,
            "prescription",
            needs=needs,
            prescription=prescription.pk,
            status=prescription.status,
        )
