"""PostgreSQL refuses to change or delete an access line or a seal."""

from django.db import migrations

TABLES = {"access_line": "patients_accessline", "access_seal": "patients_accessseal"}
FUNCTION = """
    CREATE FUNCTION refuse_to_touch_the_access_log() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'The access log is never changed and never deleted.'
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
"""
TRIGGER = """
    CREATE TRIGGER {noun}_not_touched BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION refuse_to_touch_the_access_log()
"""


def seal(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION)
        for noun, table in TABLES.items():
            schema_editor.execute(TRIGGER.format(noun=noun, table=table))


def unseal(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for noun, table in TABLES.items():
            schema_editor.execute(f"DROP TRIGGER {noun}_not_touched ON {table}")
        schema_editor.execute("DROP FUNCTION refuse_to_touch_the_access_log()")


class Migration(migrations.Migration):
    dependencies = [("patients", "0013_seal_the_access_log_on_sqlite")]
    operations = [migrations.RunPython(seal, unseal)]
