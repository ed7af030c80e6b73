import common.fields
import common.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_second_factor"),
        ("hospitals", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignInProvider",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("label", models.CharField(max_length=40)),
                ("issuer", models.CharField(max_length=200)),
                ("client_id", models.CharField(max_length=200)),
                ("client_secret", common.fields.EncryptedTextField(purpose="provider")),
                ("number_claim", models.CharField(default="staff_number", max_length=60)),
                ("strong_values", models.JSONField(default=list)),
                ("is_on", models.BooleanField(default=True)),
                (
                    "hospital",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, to="hospitals.hospital"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
    ]
