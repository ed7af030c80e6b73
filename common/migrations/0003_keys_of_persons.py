"""A person has a key of their own, and a destroyed key leaves a tombstone."""

import common.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("common", "0002_what_an_event_needs")]

    operations = [
        migrations.AddField(
            model_name="datakey",
            name="made_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="datakey",
            name="destroyed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="PersonKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("hospital_id", models.UUIDField()),
                ("owner_id", models.UUIDField()),
                ("number", models.PositiveIntegerField(default=1)),
                ("wrapped", models.BinaryField(null=True)),
                ("destroyed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("hospital_id", "owner_id", "number"), name="person_key_once"
                    )
                ],
            },
        ),
    ]
