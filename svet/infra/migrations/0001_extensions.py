from django.contrib.postgres.operations import BtreeGistExtension, CreateExtension, TrigramExtension
from django.db import migrations

OURS = (
    "accounts", "benefits", "billing", "cases", "content", "customers", "debts", "houses", "ledger", "metering",
    "notifications", "offices", "payments", "supply", "tariffs", "visits",
)


class Migration(migrations.Migration):
    """What the exclusion constraints and the searches of all domains need: `fuzzystrmatch` finds words with a slip,
    since pg_trgm knows no Cyrillic where the server's locale is C.

    The tables of others come before ours: each change of theirs would render all our models anew, in minutes.
    """

    initial = True
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("procrastinate", "0041_post_retry_failed_job"),
        ("sessions", "0001_initial"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        ("usersessions", "0001_initial"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailsearch", "0010_add_text_fields"),
        ("wagtailusers", "0015_userprofile_keyboard_shortcuts"),
    ]
    run_before = [(app, "0001_whole") for app in OURS]
    operations = [BtreeGistExtension(), TrigramExtension(), CreateExtension("fuzzystrmatch")]
