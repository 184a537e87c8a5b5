"""The frames of exports: the columns of the import files, so that what goes out can come back in unchanged."""

from __future__ import annotations

import polars as pl

from svet.infra.loading import frame_of


def export_accounts() -> pl.DataFrame:
    """Return all accounts in the columns of the kind `accounts`."""
    return frame_of(
        "SELECT a.number, c.code, a.opened_on, a.closed_on, a.bill_delivery"
        " FROM accounts_account a JOIN customers_customer c ON c.id = a.customer_id ORDER BY a.number",
        schema={
            "account_number": pl.String,
            "customer_code": pl.String,
            "opened_on": pl.Date,
            "closed_on": pl.Date,
            "bill_delivery": pl.String,
        },
    )


def export_agreements() -> pl.DataFrame:
    """Return all agreements, past ones too, in the columns of the kind `agreements`."""
    return frame_of(
        "SELECT a.number, p.code, g.number, lower(g.valid), upper(g.valid) FROM accounts_agreement g"
        " JOIN accounts_account a ON a.id = g.account_id JOIN supply_point p ON p.id = g.supply_point_id"
        " ORDER BY a.number, p.code, lower(g.valid)",
        schema={
            "account_number": pl.String,
            "supply_point_code": pl.String,
            "agreement_number": pl.String,
            "from_on": pl.Date,
            "until_on": pl.Date,
        },
    )


def export_households() -> pl.DataFrame:
    """Return all households, past ones too, in the columns of the kind `households`."""
    return frame_of(
        "SELECT a.number, h.registered, h.temporary, h.owners, h.privileged::int, lower(h.valid), upper(h.valid)"
        " FROM accounts_household h JOIN accounts_account a ON a.id = h.account_id"
        " ORDER BY a.number, lower(h.valid)",
        schema={
            "account_number": pl.String,
            "registered": pl.Int64,
            "temporary": pl.Int64,
            "owners": pl.Int64,
            "privileged": pl.Int64,
            "from_on": pl.Date,
            "until_on": pl.Date,
        },
    ).with_columns(pl.col("privileged").cast(pl.Boolean))
