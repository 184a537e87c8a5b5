"""Marks the changes of every table that a kept page of the site is made from (infra/site_changes.py, decision 0010).

tests/test_kept_pages.py finds a table that is not here.
"""

from django.db import migrations

TABLES = (
    "benefits_kind",
    "cases_term",
    "content_article_page",
    "content_home_page",
    "content_news_index_page",
    "content_news_page",
    "content_question_page",
    "content_questions_page",
    "content_section_page",
    "content_site_file",
    "debts_key_rate",
    "debts_moratorium",
    "debts_rate_cap",
    "offices_channel_switch",
    "offices_company",
    "offices_exception",
    "offices_hours",
    "offices_office",
    "offices_payment_place",
    "offices_phone",
    "payments_source",
    "payments_till",
    "supply_network_operator",
    "tariffs_consumption_norm",
    "tariffs_day_off",
    "tariffs_policy",
    "tariffs_rate",
    "tariffs_social_norm",
    "tariffs_tariff",
    "tariffs_territory",
    "tariffs_vat",
    "tariffs_version",
    "wagtailcore_page",
    "wagtailcore_pageviewrestriction",
    "wagtailcore_site",
)
BUT_OF = {"visits_device": "UPDATE OF office_code, kind, ended_at"}
"""Where rows change all day in what no page shows: when a device was seen last."""

FUNCTION = """
CREATE FUNCTION mark_site_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO infra_site_change (transaction, mark)
    VALUES (pg_current_xact_id()::text::bigint, (random() * 4611686018427387904)::bigint)
    ON CONFLICT (transaction) DO UPDATE SET mark = excluded.mark, at = excluded.at;
    RETURN NULL;
END $$
"""


def _trigger(table: str, update: str = "UPDATE") -> str:
    return (
        f"CREATE TRIGGER marks_site_change AFTER INSERT OR DELETE OR TRUNCATE OR {update} ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION mark_site_change()"
    )


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("infra", "0002_whole"),
        ("benefits", "0001_whole"),
        ("cases", "0001_whole"),
        ("content", "0001_whole"),
        ("debts", "0001_whole"),
        ("offices", "0001_whole"),
        ("payments", "0001_whole"),
        ("supply", "0001_whole"),
        ("tariffs", "0001_whole"),
        ("visits", "0001_whole"),
    ]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION mark_site_change() CASCADE"),
        *(migrations.RunSQL(_trigger(table), migrations.RunSQL.noop) for table in TABLES),
        *(migrations.RunSQL(_trigger(table, update), migrations.RunSQL.noop) for table, update in BUT_OF.items()),
    ]
