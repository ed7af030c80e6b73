from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_push'),
        ('hospitals', '0002_message_push'),
        ('patients', '0006_fill_documents'),
    ]

    operations = [
        migrations.AddField(
            model_name='patient',
            name='compared_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='patient',
            index=models.Index(fields=['hospital', 'phone_index'], name='patient_by_phone'),
        ),
        migrations.AddIndex(
            model_name='patient',
            index=models.Index(condition=models.Q(('compared_at', None)), fields=['id'], name='patient_to_compare'),
        ),
    ]
