"""Who sees that a prescription changed."""

from common.live import StreamName, announce
from pharmacy.models import STREAM, Prescription


def announce_change(prescription: Prescription) -> None:
    """The pharmacy's screens and the patient's phone look again."""
    hospital_id = prescription.hospital_id
    for stream in (
        StreamName(hospital_id, STREAM, hospital_id),
        StreamName(hospital_id, "day", prescription.patient_id),
    ):
        announce(stream, "prescription", prescription=prescription.pk, status=prescription.status)
