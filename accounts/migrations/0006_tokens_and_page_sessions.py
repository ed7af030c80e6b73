"""Tokens and sessions that their owner sees and ends, one row each with whose they are."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.clock
import common.ids

SYSTEMS = [
    ("android", "安卓设备"),
    ("ios", "苹果手机或平板"),
    ("harmony", "鸿蒙设备"),
    ("windows", "Windows 电脑"),
    ("mac", "苹果电脑"),
    ("linux", "Linux 电脑"),
    ("other", "其他设备"),
]


def of_every_login() -> list[tuple[str, models.Field]]:
    """The columns that both tables have."""
    return [
        ("login_id", models.UUIDField(default=common.ids.new_id, editable=False, unique=True)),
        ("system", models.CharField(choices=SYSTEMS, default="other", max_length=10)),
        ("made_at", models.DateTimeField(default=common.clock.real_now)),
        ("used_at", models.DateTimeField(default=common.clock.real_hour)),
    ]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_sign_in_provider")]

    operations = [
        migrations.CreateModel(
            name="Token",
            fields=[
                ("digest", models.CharField(max_length=128, primary_key=True, serialize=False)),
                ("token_key", models.CharField(db_index=True, max_length=25)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("expiry", models.DateTimeField(blank=True, null=True)),
                *of_every_login(),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="auth_token_set",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="PageSession",
            fields=[
                (
                    "session_key",
                    models.CharField(
                        max_length=40,
                        primary_key=True,
                        serialize=False,
                        verbose_name="session key",
                    ),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                *of_every_login(),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="accounts.token",
                        to_field="login_id",
                    ),
                ),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "abstract": False,
            },
        ),
        # Left by an installation from before: who was signed in signs in again.
        migrations.RunSQL("DROP TABLE IF EXISTS knox_authtoken", migrations.RunSQL.noop),
        migrations.RunSQL("DROP TABLE IF EXISTS django_session", migrations.RunSQL.noop),
        migrations.AddField("OneTimeTicket", "login_id", models.UUIDField(null=True)),
    ]
