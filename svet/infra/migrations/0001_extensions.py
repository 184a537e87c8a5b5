from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    """What the exclusion constraints and the searches of all domains need."""

    initial = True
    dependencies = []
    run_before = [
        ("customers", "0001_initial"),
        ("supply", "0001_initial"),
        ("tariffs", "0001_initial"),
        ("accounts", "0001_initial"),
        ("metering", "0001_initial"),
        ("offices", "0001_initial"),
    ]
    operations = [BtreeGistExtension(), TrigramExtension()]
