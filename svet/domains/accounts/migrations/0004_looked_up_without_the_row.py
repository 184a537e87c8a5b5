import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_keys_stay'),
    ]

    operations = [
        migrations.AlterField(
            model_name='household',
            name='account',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='households', to='accounts.account'),
        ),
        migrations.AddIndex(
            model_name='household',
            index=models.Index(fields=['account'], include=('registered', 'temporary', 'owners', 'privileged', 'valid'), name='household_whole'),
        ),
    ]
