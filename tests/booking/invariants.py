"""Invariant 1 as the database shows it, read without any of booking's own questions."""

from django.db import connection

FAULTS = {
    "a live appointment without exactly one place": """
        SELECT a.id FROM booking_appointment a
        LEFT JOIN booking_place p ON p.appointment_id = a.id
        WHERE a.status IN ('held', 'booked', 'arrived')
        GROUP BY a.id HAVING COUNT(p.id) <> 1
    """,
    "a place kept by an appointment that gave it up": """
        SELECT p.id FROM booking_place p
        JOIN booking_appointment a ON a.id = p.appointment_id
        WHERE a.status IN ('lapsed', 'cancelled', 'displaced')
    """,
    "a place kept by an appointment that does not exist": """
        SELECT p.id FROM booking_place p
        LEFT JOIN booking_appointment a ON a.id = p.appointment_id
        WHERE p.appointment_id IS NOT NULL AND a.id IS NULL
    """,
    "more live appointments in a slot than places": """
        SELECT a.slot_id FROM booking_appointment a
        WHERE a.status IN ('held', 'booked', 'arrived')
        GROUP BY a.slot_id
        HAVING COUNT(*) > (SELECT COUNT(*) FROM booking_place p WHERE p.slot_id = a.slot_id)
    """,
}


def faults_of_places() -> list[str]:
    """What is wrong with places and appointments, in words; empty when invariant 1 holds."""
    found = []
    with connection.cursor() as cursor:
        for fault, sql in FAULTS.items():
            cursor.execute(sql)
            found += [f"{fault}: {row[0]}" for row in cursor.fetchall()]
    return found
