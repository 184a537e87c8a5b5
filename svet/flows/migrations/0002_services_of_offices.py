"""The places of payment are told with the services of the offices: a change of these makes the page anew."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("flows", "0001_marks_of_what_strangers_see")]
    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER marks_site_change AFTER INSERT OR DELETE OR TRUNCATE OR UPDATE ON visits_series"
            " FOR EACH STATEMENT EXECUTE FUNCTION mark_site_change()",
            "DROP TRIGGER marks_site_change ON visits_series",
        )
    ]
