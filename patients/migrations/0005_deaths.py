import common.fields
import common.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_sign_in_try'),
        ('hospitals', '0001_initial'),
        ('patients', '0004_merge_review'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='deceased_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name='Death',
            fields=[
                ('id', models.UUIDField(default=common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('died_on', models.DateField()),
                ('source', models.CharField(choices=[('records_office', '病案室登记'), ('doctor', '医生登记'), ('hospital_system', '院内系统通知')], max_length=20)),
                ('marked_at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(null=True)),
                ('undone_because', common.fields.EncryptedTextField(null=True, purpose='evidence')),
                ('hospital', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='hospitals.hospital')),
                ('marked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.staff')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='patients.patient')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='patients.person')),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.staff')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('person',), name='one_death_per_person')],
            },
        ),
    ]
