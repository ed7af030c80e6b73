"""Patient numbers (门诊号): given without a counter, so nobody waits for anybody.

Two digits of the year, three of the day in the year, six by chance, one check digit (Luhn).
Within a hospital a number is unique by constraint; a clash, one in thousands of registrations
on a busy day, is answered by drawing again.
"""

import secrets
from datetime import datetime

from stdnum import luhn

from common import clock
from patients.models import Patient

DRAWS = 8


def draw_number(now: datetime) -> str:
    """A number that is probably free; easy to say aloud, and a slip of the finger shows."""
    day = clock.local(now)
    body = f"{day:%y}{day:%j}{secrets.randbelow(1_000_000):06d}"
    return body + luhn.calc_check_digit(body)


def insert_with_number(patient: Patient, *, now: datetime) -> Patient:
    """Insert the patient under a fresh number. The person's lock must be held."""
    for _ in range(DRAWS):
        patient.number = draw_number(now)
        Patient.objects.bulk_create([patient], ignore_conflicts=True)
        if Patient.objects.filter(pk=patient.pk).exists():
            return patient
    raise RuntimeError("No patient number was free; is the person's lock held?")
