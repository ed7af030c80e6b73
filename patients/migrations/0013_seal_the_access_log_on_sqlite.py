"""SQLite refuses to change or delete an access line or a seal."""

from django.db import migrations

TABLES = {"access_line": "patients_accessline", "access_seal": "patients_accessseal"}
SEAL = """
CREATE TRIGGER {noun}_not_{deed} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'The access log is never changed and never deleted.'); END
"""


def seal(_apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for noun, table in TABLES.items():
            for deed, verb in (("changed", "UPDATE"), ("deleted", "DELETE")):
                schema_editor.execute(SEAL.format(noun=noun, deed=deed, verb=verb, table=table))


def unseal(_apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for noun in TABLES:
            schema_editor.execute(f"DROP TRIGGER {noun}_not_changed")
            schema_editor.execute(f"DROP TRIGGER {noun}_not_deleted")


class Migration(migrations.Migration):
    dependencies = [("patients", "0012_unusual_access")]
    operations = [migrations.RunPython(seal, unseal)]
