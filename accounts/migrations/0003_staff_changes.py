import common.fields
import common.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_sign_in_try"),
        ("hospitals", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="staff",
            options={"base_manager_name": "objects"},
        ),
        migrations.AddField(
            model_name="staff",
            name="ended_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="staff",
            name="password_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="Licence",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("practice", "执业证书编码"), ("qualification", "资格证书编码")],
                        max_length=20,
                    ),
                ),
                ("number", common.fields.EncryptedTextField(purpose="person")),
                (
                    "hospital",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="hospitals.hospital"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="accounts.staff"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StaffChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("hired", "入职"),
                            ("returned", "复职"),
                            ("ended", "离职"),
                            ("role", "变更岗位"),
                            ("password", "重置密码"),
                            ("own_password", "本人修改密码"),
                            ("factor", "绑定动态口令"),
                            ("factor_removed", "解除动态口令"),
                            ("assigned", "分配科室"),
                            ("unassigned", "取消科室"),
                            ("licence", "登记执业证书"),
                            ("name", "更正姓名"),
                        ],
                        max_length=20,
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=100)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staff",
                    ),
                ),
                (
                    "hospital",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="hospitals.hospital"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="accounts.staff"
                    ),
                ),
            ],
            options={
                "base_manager_name": "objects",
            },
        ),
        migrations.AddConstraint(
            model_name="licence",
            constraint=models.UniqueConstraint(
                fields=("staff", "kind"), name="one_licence_of_a_kind"
            ),
        ),
        migrations.AddIndex(
            model_name="staffchange",
            index=models.Index(fields=["hospital", "at"], name="staff_changes_by_time"),
        ),
    ]
