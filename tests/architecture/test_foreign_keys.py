"""Foreign keys point downward: a domain never references a table of a domain above it."""

from django.apps import apps

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
