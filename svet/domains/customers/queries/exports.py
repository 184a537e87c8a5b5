"""The frames of exports: the columns of the import files, so that what goes out can come back in unchanged."""

from __future__ import annotations

import polars as pl

from svet.infra.loading import frame_of


def export_customers() -> pl.DataFrame:
    """Return all customers in the columns of the kind `customers`."""
    columns = [
        "code",
        "kind",
        "family_name",
        "given_name",
        "patronymic",
        "organisation_name",
        "inn",
        "kpp",
        "ogrn",
    ]
    frame = frame_of(
        f"SELECT {', '.join(columns)} FROM customers_customer ORDER BY code",  # noqa: S608 — names of our own columns
        schema=dict.fromkeys(columns, pl.String),
    )
    return frame.rename({"code": "customer_code"})


def export_contacts() -> pl.DataFrame:
    """Return all contacts, past ones too, in the columns of the kind `contacts`."""
    return frame_of(
        "SELECT c.code, k.kind, k.value, lower(k.valid), upper(k.valid)"
        " FROM customers_contact k JOIN customers_customer c ON c.id = k.customer_id"
        " ORDER BY c.code, k.kind, k.value, lower(k.valid)",
        schema={
            "customer_code": pl.String,
            "kind": pl.String,
            "value": pl.String,
            "valid_from": pl.Date,
            "valid_until": pl.Date,
        },
    )
