"""Accounts, agreements and households from files: compared with what is known by their natural keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl
from django.db import transaction

from svet.domains.accounts import queries
from svet.domains.accounts.rules import ACCOUNT_DEFAULTS, HOUSEHOLD_DEFAULTS, check_accounts, check_validity
from svet.domains.customers import queries as customers
from svet.domains.supply import queries as supply
from svet.infra.loading import LoadResult, Progress, append, change, hold, looked_up, ranges, record_load
from svet.kernel.findings import Level
from svet.kernel.reconciling import compare, completed, overlapping
from svet.kernel.row_findings import found, sound, together

_ACCOUNT = {
    "id": pl.Int64,
    "account_number": pl.String,
    "customer_id": pl.Int64,
    "opened_on": pl.Date,
    "closed_on": pl.Date,
    "bill_delivery": pl.String,
}
_AGREEMENT = {
    "id": pl.Int64,
    "supply_point_id": pl.Int64,
    "known_account_id": pl.Int64,
    "known_account_number": pl.String,
    "agreement_number": pl.String,
    "from_on": pl.Date,
    "until_on": pl.Date,
}
_HOUSEHOLD = {
    "id": pl.Int64,
    "account_id": pl.Int64,
    "registered": pl.Int64,
    "temporary": pl.Int64,
    "owners": pl.Int64,
    "privileged": pl.Int64,
    "from_on": pl.Date,
    "until_on": pl.Date,
}
_PEOPLE = ("registered", "temporary", "owners", "privileged")


def load_accounts(frame: pl.DataFrame, *, at: datetime, progress: Progress | None = None) -> LoadResult:
    """Write the accounts of `frame` by their numbers. Columns as in the kind `accounts` and `line`.

    An absent column changes nothing; rows with errors are not written; a wrong check digit is only noted.
    """
    with transaction.atomic():
        hold("accounts_account")
        known = looked_up(
            frame.select(number="account_number"),
            "SELECT a.id, a.number, a.customer_id, a.opened_on, a.closed_on, a.bill_delivery"
            " FROM accounts_account a JOIN asked ON asked.number = a.number",
            schema=_ACCOUNT,
        )
        rows = completed(frame, known, key=["account_number"], defaults=ACCOUNT_DEFAULTS)
        rows = rows.join(
            customers.ids_by_code(rows["customer_code"]), on="customer_code", how="left", maintain_order="left"
        )
        stranger = found(rows, pl.col("customer_id").is_null(), code="customer_is_unknown", column="customer_code")
        findings = together([check_accounts(rows), stranger])
        values = {name: pl.col(name) for name in ("customer_id", "opened_on", "closed_on", "bill_delivery")}
        changes = compare(sound(rows, findings), known, key=["account_number"], values=list(values))
        updated = change(
            "accounts_account",
            changes.changed.select("id", **values),
            columns={name: f"new.{name}" for name in values},
        )
        inserted = append("accounts_account", changes.new.select(number="account_number", **values), progress=progress)
        result = LoadResult(inserted, updated, changes.unchanged, findings)
        return record_load("accounts", "accounts", result, at=at)


def load_agreements(frame: pl.DataFrame, *, at: datetime, progress: Progress | None = None) -> LoadResult:
    """Write the agreements of `frame` by supply point and first day. Columns as in the kind `agreements` and `line`.

    Rows with errors are not written: a supply point has one agreement at a time, and an agreement never passes to
    another account.
    """
    with transaction.atomic():
        hold("accounts_agreement")
        rows = frame.join(
            supply.ids_by_code(frame["supply_point_code"]), on="supply_point_code", how="left", maintain_order="left"
        ).join(queries.ids_by_number(frame["account_number"]), on="account_number", how="left", maintain_order="left")
        known = looked_up(
            rows.select("supply_point_id").drop_nulls(),
            "SELECT g.id, g.supply_point_id, g.account_id, a.number, g.number, lower(g.valid), upper(g.valid)"
            " FROM accounts_agreement g JOIN asked USING (supply_point_id)"
            " JOIN accounts_account a ON a.id = g.account_id",
            schema=_AGREEMENT,
        )
        key = ["supply_point_id", "from_on"]
        rows = completed(rows, known, key=key, defaults={"agreement_number": "", "until_on": None})
        findings = _check_agreements(rows, known, key=key)
        clash = overlapping(sound(rows, findings), known, by=["supply_point_id"], column="from_on")
        findings = together([findings, clash])
        changes = compare(sound(rows, findings), known, key=key, values=["agreement_number", "until_on"])
        values = {"number": pl.col("agreement_number"), "valid": ranges("from_on", "until_on")}
        updated = change(
            "accounts_agreement",
            changes.changed.select("id", **values),
            columns={"number": "new.number", "valid": "new.valid::daterange"},
        )
        new = changes.new.select("account_id", "supply_point_id", **values)
        inserted = append("accounts_agreement", new, progress=progress)
        result = LoadResult(inserted, updated, changes.unchanged, findings)
        return record_load("accounts", "agreements", result, at=at)


def load_households(frame: pl.DataFrame, *, at: datetime, progress: Progress | None = None) -> LoadResult:
    """Write the households of `frame` by account and first day. Columns as in the kind `households` and `line`.

    An absent column changes nothing; rows with errors are not written; an account has one household at a time.
    """
    with transaction.atomic():
        hold("accounts_household")
        rows = frame.join(
            queries.ids_by_number(frame["account_number"]), on="account_number", how="left", maintain_order="left"
        )
        known = looked_up(
            rows.select("account_id").drop_nulls(),
            "SELECT h.id, h.account_id, h.registered, h.temporary, h.owners, h.privileged::int, lower(h.valid),"
            " upper(h.valid) FROM accounts_household h JOIN asked USING (account_id)",
            schema=_HOUSEHOLD,
        ).with_columns(pl.col("privileged").cast(pl.Boolean))
        key = ["account_id", "from_on"]
        rows = completed(rows, known, key=key, defaults=HOUSEHOLD_DEFAULTS)
        stranger = found(rows, pl.col("account_id").is_null(), code="account_is_unknown", column="account_number")
        findings = together([stranger, check_validity(rows, key=key)])
        clash = overlapping(sound(rows, findings), known, by=["account_id"], column="from_on")
        findings = together([findings, clash])
        changes = compare(sound(rows, findings), known, key=key, values=[*_PEOPLE, "until_on"])
        valid = ranges("from_on", "until_on")
        updated = change(
            "accounts_household",
            changes.changed.select("id", *_PEOPLE, valid=valid),
            columns={**{name: f"new.{name}" for name in _PEOPLE}, "valid": "new.valid::daterange"},
        )
        new = changes.new.select("account_id", *_PEOPLE, valid=valid)
        inserted = append("accounts_household", new, progress=progress)
        result = LoadResult(inserted, updated, changes.unchanged, findings)
        return record_load("accounts", "households", result, at=at)


def _check_agreements(rows: pl.DataFrame, known: pl.DataFrame, *, key: Sequence[str]) -> pl.DataFrame:
    nobody, nowhere = pl.col("account_id").is_null(), pl.col("supply_point_id").is_null()
    early = found(
        rows,
        pl.col("from_on") < pl.col("opened_on"),
        code="agreement_before_the_account",
        column="from_on",
        level=Level.NOTE,
        facts={"opened_on": pl.col("opened_on").cast(pl.String)},
    )
    return together(
        [
            found(rows, nobody, code="account_is_unknown", column="account_number"),
            found(rows, nowhere, code="supply_point_is_unknown", column="supply_point_code"),
            early,
            _passed_on(rows, known),
            check_validity(rows, key=key),
        ]
    )


def _passed_on(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return findings for rows that would give a known agreement to another account."""
    both = rows.join(
        known.select("supply_point_id", "from_on", "known_account_id", "known_account_number"),
        on=["supply_point_id", "from_on"],
    )
    return found(
        both,
        pl.col("account_id") != pl.col("known_account_id"),
        code="agreement_of_another_account",
        column="account_number",
        facts={"account": pl.col("known_account_number")},
    )
