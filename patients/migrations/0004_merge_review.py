import common.fields
import common.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_sign_in_try'),
        ('hospitals', '0001_initial'),
        ('patients', '0003_identifier'),
    ]

    operations = [
        migrations.AddField(
            model_name='patient',
            name='joined_to',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient'),
        ),
        migrations.AddField(
            model_name='person',
            name='group',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='patients.person'),
        ),
        migrations.CreateModel(
            name='MergeReview',
            fields=[
                ('id', models.UUIDField(default=common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('status', models.CharField(choices=[('open', '待审核'), ('joined', '已合并'), ('apart', '不合并'), ('split', '已撤销合并')], default='open', max_length=10)),
                ('reason', models.CharField(choices=[('document', '同一证件'), ('same_details', '姓名、生日、性别、手机号相同'), ('temporary', '临时档案补证'), ('named', '病案室指出')], max_length=20)),
                ('evidence', common.fields.EncryptedTextField(null=True, purpose='evidence')),
                ('opened_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_because', common.fields.EncryptedTextField(null=True, purpose='evidence')),
                ('split_at', models.DateTimeField(null=True)),
                ('split_because', common.fields.EncryptedTextField(null=True, purpose='evidence')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.staff')),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews_as_first', to='patients.patient')),
                ('hospital', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='hospitals.hospital')),
                ('leading', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient')),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.staff')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews_as_second', to='patients.patient')),
                ('split_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.staff')),
            ],
            options={
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['hospital', 'status', 'id'], name='review_by_status')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['open', 'joined'])), fields=('hospital', 'first', 'second'), name='one_counting_review_per_pair')],
            },
        ),
    ]
