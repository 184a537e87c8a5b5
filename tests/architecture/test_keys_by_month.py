"""Keys of the great tables begin with the month, and the planner is kept from believing that the newest has no rows."""

import pytest
from django.apps import apps
from django.db import connection

from svet.infra.fields import MonthField

NO_STATISTICS = "SELECT attrelid::regclass::text FROM pg_attribute WHERE attname = 'month' AND attstattarget = 0"


@pytest.mark.django_db
def test_months_that_lead_a_key_have_no_statistics():
    great = {
        model._meta.db_table
        for model in apps.get_models()
        if model.__module__.startswith("svet.domains") and "month" in leads(model)
        if any(field.name == "account" and not field.db_constraint for field in model._meta.concrete_fields)
    }

    with connection.cursor() as cursor:
        cursor.execute(NO_STATISTICS)
        kept = {table for (table,) in cursor.fetchall()}

    assert {"ledger_entry", "billing_charge"} < great
    assert kept == great


def leads(model):
    """Return the columns with which the model's keys and indices begin."""
    keys = [one.fields for one in (*model._meta.total_unique_constraints, *model._meta.indexes) if len(one.fields) > 1]
    parts = getattr(model._meta.pk, "field_names", ())
    months = {field.name for field in model._meta.concrete_fields if isinstance(field, MonthField)}
    return {key[0] for key in (*keys, parts) if key} & months
