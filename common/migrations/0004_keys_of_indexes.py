"""Which key of a blind index is written, and which other one is looked up."""

import common.ids
import common.clock
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("common", "0003_keys_of_persons")]

    operations = [
        migrations.CreateModel(
            name="IndexKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("column", models.CharField(max_length=60, unique=True)),
                ("number", models.PositiveIntegerField(default=1)),
                ("also", models.PositiveIntegerField(null=True)),
                ("moved_at", models.DateTimeField(default=common.clock.real_now)),
            ],
            options={"abstract": False, "base_manager_name": "objects"},
        ),
    ]
