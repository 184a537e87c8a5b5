import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('supply', '0003_keys_stay'),
    ]

    operations = [
        migrations.AlterField(
            model_name='supplypointcategory',
            name='supply_point',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='categories', to='supply.supplypoint'),
        ),
        migrations.AddIndex(
            model_name='supplypointcategory',
            index=models.Index(fields=['supply_point'], include=('territory', 'category', 'valid'), name='category_whole'),
        ),
    ]
