"""Foreign keys point downward, and one that the database does not keep by itself is checked by a trigger."""

from django.apps import apps

from svet.infra.references import References

ORDER = [
    "infra",
    "access",
    "customers",
    "supply",
    "tariffs",
    "accounts",
    "cases",
    "ledger",
    "metering",
    "houses",
    "billing",
    "payments",
    "debts",
    "offices",
    "content",
]


def test_foreign_keys_point_downward():
    wrong = []
    for model in apps.get_models(include_auto_created=True):
        app = model._meta.app_label
        if not model.__module__.startswith("svet."):
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not field.many_to_one or target is None or not target.__module__.startswith("svet."):
                continue
            there = target._meta.app_label
            if app in ORDER and there in ORDER and ORDER.index(there) > ORDER.index(app):
                wrong.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")

    assert wrong == []


def test_keys_without_a_constraint_are_checked_by_references_to_parents_that_stay():
    wrong = []
    for model in apps.get_models():
        triggers = getattr(model._meta, "triggers", ())
        checked = {one for trigger in triggers if isinstance(trigger, References) for one in trigger.references}
        told = {(column, one.parent) for one in checked for column in one.columns.split()}
        for field in model._meta.concrete_fields:
            if not field.many_to_one or field.db_constraint or not model.__module__.startswith("svet."):
                continue
            if model._meta.label.endswith("Event"):
                continue  # the history of a row outlives what it names
            parent = field.related_model
            names = {trigger.name for trigger in parent._meta.triggers}
            in_a_pair = any(field.column in one.columns.split()[1:] for one in checked)
            if (field.column, parent._meta.db_table) not in told and not in_a_pair:
                wrong.append(f"{model._meta.label}.{field.name} is not checked")
            if not names & {"never_deleted", "append_only", "keep_published_version"}:
                wrong.append(f"{parent._meta.label} may be deleted under {model._meta.label}")

    assert wrong == []
