"""PostgreSQL refuses to change or delete a ledger entry."""

from django.db import migrations

SEAL = (
    """
    CREATE FUNCTION refuse_to_touch_the_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'A ledger entry is never changed and never deleted.'
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER ledger_entry_not_touched BEFORE UPDATE OR DELETE ON payments_ledgerentry
        FOR EACH ROW EXECUTE FUNCTION refuse_to_touch_the_ledger()
    """,
)
UNSEAL = (
    "DROP TRIGGER ledger_entry_not_touched ON payments_ledgerentry",
    "DROP FUNCTION refuse_to_touch_the_ledger()",
)


def _run(schema_editor, statements):
    if schema_editor.connection.vendor == "postgresql":
        for statement in statements:
            schema_editor.execute(statement)


def seal(_apps, schema_editor):
    _run(schema_editor, SEAL)


def unseal(_apps, schema_editor):
    _run(schema_editor, UNSEAL)


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_seal_the_ledger_on_sqlite")]
    operations = [migrations.RunPython(seal, unseal)]
