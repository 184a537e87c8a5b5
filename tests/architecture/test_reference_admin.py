"""The admin shows reference data and nothing else: no person, no account, nothing that is never rewritten."""

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db.models import Model

from svet.domains.access.rules import Right, Role, may
from svet.infra.reference import ReferenceAdmin

SHOWN = {
    "benefits.BenefitKind",
    "cases.CaseSubject",
    "cases.CaseTerm",
    "notifications.QuietHours",
    "offices.Company",
    "offices.CompanyPhone",
    "offices.Office",
    "offices.PaymentPlace",
    "supply.NetworkOperator",
    "tariffs.ConsumptionNorm",
    "tariffs.DayOff",
    "tariffs.SocialNorm",
    "tariffs.Territory",
    "tariffs.VatRate",
    "visits.HallTerms",
    "visits.Privilege",
    "visits.Series",
    "visits.Window",
}
EDITED = {
    "benefits.BenefitKind",
    "cases.CaseSubject",
    "cases.CaseTerm",
    "notifications.QuietHours",
    "offices.Company",
    "offices.Office",
    "offices.PaymentPlace",
    "supply.NetworkOperator",
    "tariffs.DayOff",
    "tariffs.Territory",
    "visits.HallTerms",
    "visits.Privilege",
    "visits.Series",
    "visits.Window",
}
REGISTERED = {model._meta.label: (model, table) for model, table in admin.site._registry.items()}
PERSONAL = {
    "account",
    "account_id",
    "customer",
    "customer_id",
    "user",
    "user_id",
    "contact",
    "supply_point",
    "premises",
}


def is_append_only(model: type[Model]) -> bool:
    return any(trigger.name == "append_only" for trigger in getattr(model._meta, "triggers", ()))


def test_exactly_the_reference_data_is_registered():
    assert set(REGISTERED) == SHOWN
    assert {label for label, (_, table) in REGISTERED.items() if table.adds or table.changes or table.deletes} == EDITED


def test_every_table_asks_why_and_audits():
    assert all(isinstance(table, ReferenceAdmin) for _, table in REGISTERED.values())
    assert all(table.inlines == () for _, table in REGISTERED.values())


def test_nothing_about_people_or_accounts_and_nothing_append_only_is_registered():
    for label, (model, _) in REGISTERED.items():
        assert not {field.name for field in model._meta.get_fields()} & PERSONAL, label
        assert not is_append_only(model), label
        assert not [f for f in model._meta.get_fields() if f.many_to_one and f.related_model], label


def test_the_walk_would_notice_a_table_of_accounts_and_an_append_only_one():
    assert {field.name for field in apps.get_model("accounts.Agreement")._meta.get_fields()} & PERSONAL
    assert is_append_only(apps.get_model("ledger.Entry"))


def test_the_admin_has_no_way_in_of_its_own():
    names = {pattern.name for pattern in admin.site.get_urls() if hasattr(pattern, "name")}

    assert names == {"index", "jsi18n", "app_list"}
    assert not [name for name in settings.PUBLIC_URL_NAMES if name.startswith("admin:")]


def test_those_who_serve_customers_do_not_keep_reference_data():
    assert {role for role in Role if may([role], Right.KEEP_REFERENCE)} == {Role.BILLING_ENGINEER, Role.ADMINISTRATOR}
