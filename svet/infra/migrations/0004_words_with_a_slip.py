"""What searches of words with a slip need: pg_trgm knows no Cyrillic where the server's locale is C."""

from django.contrib.postgres.operations import CreateExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("infra", "0003_facts_in_the_order_of_transactions")]

    operations = [CreateExtension("fuzzystrmatch")]
