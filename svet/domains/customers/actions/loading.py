"""Customers and contacts from files: whole frames in the declared columns, compared with what is known."""

from __future__ import annotations

from datetime import datetime

import polars as pl
from django.db import transaction

from svet.domains.customers import queries
from svet.domains.customers.rules import check_contacts, check_customers
from svet.infra.loading import LoadResult, Progress, append, change, hold, looked_up, ranges, record_load
from svet.kernel.reconciling import compare, completed, overlapping
from svet.kernel.row_findings import found, repeated, sound, together

_NAMES = ("family_name", "given_name", "patronymic", "organisation_name", "inn", "kpp", "ogrn")
_CUSTOMER = ("kind", *_NAMES)
_CONTACT = {
    "id": pl.Int64,
    "customer_id": pl.Int64,
    "kind": pl.String,
    "value": pl.String,
    "from_on": pl.Date,
    "until_on": pl.Date,
}


def load_customers(frame: pl.DataFrame, *, at: datetime, progress: Progress | None = None) -> LoadResult:
    """Write the customers of `frame` by their codes; what is known and the same is left alone.

    Columns as in the kind `customers` and `line`; an absent column changes nothing. Rows with errors are not written.
    """
    with transaction.atomic():
        hold("customers_customer")
        known = looked_up(
            frame.select(code="customer_code"),
            f"SELECT c.id, c.code, {', '.join(f'c.{name}' for name in _CUSTOMER)}"  # noqa: S608 — our own columns
            " FROM customers_customer c JOIN asked ON asked.code = c.code",
            schema={"id": pl.Int64, "customer_code": pl.String, **dict.fromkeys(_CUSTOMER, pl.String)},
        )
        twice = repeated(frame, key=["customer_code"], column="customer_code")
        rows = completed(sound(frame, twice), known, key=["customer_code"], defaults=dict.fromkeys(_NAMES, ""))
        findings = together([twice, check_customers(rows)])
        changes = compare(sound(rows, findings), known, key=["customer_code"], values=_CUSTOMER)
        updated = change(
            "customers_customer",
            changes.changed.select("id", *_CUSTOMER),
            columns={name: f"new.{name}" for name in _CUSTOMER},
        )
        inserted = append("customers_customer", changes.new.select(*_CUSTOMER, code="customer_code"), progress=progress)
        result = LoadResult(inserted, updated, changes.unchanged, findings)
        return record_load("customers", "customers", result, at=at)


def load_contacts(frame: pl.DataFrame, *, at: datetime, progress: Progress | None = None) -> LoadResult:
    """Write the contacts of `frame` by customer, kind, value and first day; only the last day of one can change.

    Columns as in the kind `contacts` and `line`. Rows with errors are not written.
    """
    with transaction.atomic():
        hold("customers_contact")
        rows = frame.rename({"valid_from": "from_on", "valid_until": "until_on"}, strict=False)
        rows = rows.join(queries.ids_by_code(rows["customer_code"]), on="customer_code", how="left")
        known = looked_up(
            rows.select("customer_id").drop_nulls(),
            "SELECT k.id, k.customer_id, k.kind, k.value, lower(k.valid), upper(k.valid)"
            " FROM customers_contact k JOIN asked USING (customer_id)",
            schema=_CONTACT,
        )
        by = ["customer_id", "kind", "value"]
        rows = completed(rows, known, key=[*by, "from_on"], defaults={"until_on": None})
        rows, wrong = check_contacts(rows)
        stranger = found(rows, pl.col("customer_id").is_null(), code="customer_is_unknown", column="customer_code")
        findings = together([wrong, stranger])
        twice = repeated(sound(rows, findings), key=[*by, "from_on"], column="value")
        findings = together([findings, twice])
        findings = together([findings, overlapping(sound(rows, findings), known, by=by, column="valid_from")])
        changes = compare(sound(rows, findings), known, key=[*by, "from_on"], values=["until_on"])
        valid = ranges("from_on", "until_on")
        updated = change(
            "customers_contact", changes.changed.select("id", valid=valid), columns={"valid": "new.valid::daterange"}
        )
        inserted = append("customers_contact", changes.new.select(*by, valid=valid), progress=progress)
        result = LoadResult(inserted, updated, changes.unchanged, findings)
        return record_load("customers", "contacts", result, at=at)
