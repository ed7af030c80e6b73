"""Every patient's document becomes a claim of its own, and an entry of the directory.

The rows take the keys of the patient and of the person, so a second run finds them; the number is
copied as it is encrypted.
"""

from typing import Any

from django.db import migrations

BATCH = 1000
ENTRIES = """
    INSERT INTO patients_persondocument (id, document_index, person_id)
    SELECT person.id, person.document_index, person.id
    FROM patients_person AS person
    WHERE NOT EXISTS (
        SELECT 1 FROM patients_persondocument AS entry
        WHERE entry.document_index = person.document_index OR entry.id = person.id
    )
    ORDER BY person.id
    LIMIT %s
"""
CLAIMS = """
    INSERT INTO patients_document (
        id, hospital_id, patient_id, type, number, document_index, nationality, status, made_at,
        way, checks, verdict
    )
    SELECT patient.id, patient.hospital_id, patient.id, patient.document_type,
        patient.document_number, person.document_index, '', 'unverified', patient.made_at,
        '', 0, ''
    FROM patients_patient AS patient
    JOIN patients_person AS person ON person.id = patient.person_id
    WHERE NOT EXISTS (SELECT 1 FROM patients_document AS one WHERE one.patient_id = patient.id)
    ORDER BY patient.id
    LIMIT %s
"""


def fill_documents(_apps: Any, schema_editor: Any) -> None:
    """Write what is missing, a batch at a time."""
    for statement in (ENTRIES, CLAIMS):
        written = BATCH
        while written == BATCH:
            with schema_editor.connection.cursor() as cursor:
                cursor.execute(statement, [BATCH])
                written = cursor.rowcount


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("patients", "0005_documents")]

    operations = [migrations.RunPython(fill_documents, migrations.RunPython.noop, elidable=True)]
