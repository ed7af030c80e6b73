"""SQLite refuses to change or delete a ledger entry."""

from django.db import migrations

SEAL = """
CREATE TRIGGER ledger_entry_not_{deed} BEFORE {verb} ON payments_ledgerentry
BEGIN SELECT RAISE(ABORT, 'A ledger entry is never changed and never deleted.'); END
"""


def seal(_apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(SEAL.format(deed="changed", verb="UPDATE"))
        schema_editor.execute(SEAL.format(deed="deleted", verb="DELETE"))


def unseal(_apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER ledger_entry_not_changed")
        schema_editor.execute("DROP TRIGGER ledger_entry_not_deleted")


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [migrations.RunPython(seal, unseal)]
