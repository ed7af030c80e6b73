"""What a message told is closed under the person's own key; earlier facts stay readable."""

import common.fields
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0003_keys_of_persons"),
        ("notifications", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="facts",
            field=common.fields.EncryptedJSONField(
                key_of="patient_id", null=True, purpose="person"
            ),
        ),
    ]
