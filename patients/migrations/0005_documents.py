import common.fields
import common.ids
import django.db.models.deletion
from django.db import migrations, models

TYPES = [
    ("resident_id", "居民身份证"),
    ("household_register", "户口簿"),
    ("birth_certificate", "出生医学证明"),
    ("home_return_permit", "港澳居民来往内地通行证"),
    ("taiwan_permit", "台湾居民来往大陆通行证"),
    ("residence_permit", "港澳台居民居住证"),
    ("passport", "护照"),
    ("foreign_permanent", "外国人永久居留身份证"),
    ("military", "军官证、文职或士兵证"),
]
RELATIONS = [("self", "本人"), ("family", "家属"), ("guardian", "监护人")]
STATUSES = [("unverified", "未核验"), ("verified", "已核验"), ("void", "失效")]


def key() -> models.UUIDField:
    """The key of every table."""
    return models.UUIDField(
        default=common.ids.new_id, editable=False, primary_key=True, serialize=False
    )


def points_to(model: str, **more: object) -> models.ForeignKey:
    """A row that stays while this one does."""
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=model, **more)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_sign_in_try"),
        ("hospitals", "0001_initial"),
        ("patients", "0005_deaths"),
    ]

    operations = [
        migrations.AlterField(
            "grant", "relation", models.CharField(choices=RELATIONS, max_length=10)
        ),
        migrations.AlterField(
            "patient", "document_type", models.CharField(choices=TYPES, max_length=20)
        ),
        migrations.AddField("patient", "is_verified", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="PersonDocument",
            fields=[
                ("id", key()),
                ("document_index", models.CharField(max_length=64, unique=True)),
                ("person", points_to("patients.person")),
            ],
            options={"abstract": False, "base_manager_name": "objects"},
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", key()),
                ("type", models.CharField(choices=TYPES, max_length=20)),
                ("number", common.fields.EncryptedTextField(purpose="person")),
                ("document_index", models.CharField(max_length=64)),
                ("nationality", models.CharField(blank=True, max_length=3)),
                (
                    "status",
                    models.CharField(choices=STATUSES, default="unverified", max_length=10),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "way",
                    models.CharField(
                        blank=True,
                        choices=[("counter", "窗口核验"), ("mock", "模拟核验")],
                        max_length=10,
                    ),
                ),
                ("verified_at", models.DateTimeField(null=True)),
                ("check_due_at", models.DateTimeField(null=True)),
                ("checks", models.PositiveSmallIntegerField(default=0)),
                ("checked_at", models.DateTimeField(null=True)),
                ("verdict", models.CharField(blank=True, max_length=10)),
                ("voided_at", models.DateTimeField(null=True)),
                (
                    "voided_because",
                    common.fields.EncryptedTextField(null=True, purpose="evidence"),
                ),
                ("hospital", points_to("hospitals.hospital")),
                ("patient", points_to("patients.patient")),
                ("verified_by", points_to("accounts.staff", null=True, related_name="+")),
                ("voided_by", points_to("accounts.staff", null=True, related_name="+")),
            ],
            options={
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        fields=["check_due_at"],
                        condition=models.Q(check_due_at__isnull=False),
                        name="document_check_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["hospital", "document_index"],
                        condition=models.Q(status="verified"),
                        name="one_verified_document",
                    ),
                    models.UniqueConstraint(
                        fields=["hospital", "patient", "document_index"],
                        condition=~models.Q(status="void"),
                        name="one_live_claim",
                    ),
                ],
            },
        ),
    ]
