"""Writes what rating returned: charges with lines and volumes, ledger entries, parked accounts; or previews.

Everything goes in by COPY in the caller's transaction. The sums are read back from the tables at the end of
a run (`runs.finish_rating`), not trusted from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl
from django.db import connection

from svet.domains.billing.models import BillRunIssue
from svet.domains.billing.rules import IssueState
from svet.domains.billing.rules.frames import Rated
from svet.domains.ledger import actions as ledger
from svet.domains.ledger.rules import EntryKind, Service
from svet.domains.metering import actions as metering
from svet.infra.copying import copy_in, copy_out, kwh, reserve_ids, roubles
from svet.kernel.period import Month

KEY = ["account_id", "supply_point_id"]


@dataclass(frozen=True, slots=True)
class Target:
    """Where results belong."""

    run_id: int | None
    month: Month
    dry: bool
    vat_percent_e2: int
    at: datetime
    posted_on: date


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a set of accounts; those neither billed nor parked had nothing to bill."""

    accounts: int
    billed: int
    parked: int
    kopecks: int


def write(rated: Rated, parked: pl.DataFrame, *, target: Target, accounts: pl.DataFrame) -> Outcome:
    """Write the results and return what became of the accounts."""
    if target.dry:
        _write_previews(rated.charges, target=target)
    else:
        _write_charges(rated, target=target)
    _write_parked(parked, target=target)
    return Outcome(
        accounts=accounts.height,
        billed=rated.charges["account_id"].n_unique(),
        parked=parked.height,
        kopecks=int(rated.charges["amount_kop"].sum()),
    )


def _write_charges(rated: Rated, *, target: Target) -> None:
    charges = write_charges(rated, target=target)
    ledger.post_frame(_entries(charges, target=target), recorded_at=target.at)
    metering.mark_billed(charges["account_id"].unique().to_list(), month=target.month, at=target.at)


def write_charges(rated: Rated, *, target: Target) -> pl.DataFrame:
    """Write charges as the next versions, with lines and volumes; return them with their `id`. Nothing is posted."""
    numbered = rated.charges.join(
        _next_versions(rated.charges, target=target), on=KEY, how="left", maintain_order="left"
    )
    charges = numbered.with_columns(reserve_ids("billing_charge", numbered.height), pl.col("version").fill_null(1))
    ids = charges.select(*KEY, charge_id="id")
    copy_in("billing_charge", _charge_rows(charges, target=target))
    copy_in("billing_line", _line_rows(rated.lines.join(ids, on=KEY, maintain_order="left")))
    copy_in("billing_volume", _volume_rows(rated.volumes.join(ids, on=KEY, maintain_order="left")))
    copy_in("billing_benefit", _benefit_rows(rated.benefits.join(ids, on=KEY, maintain_order="left")))
    return charges


def _next_versions(charges: pl.DataFrame, *, target: Target) -> pl.DataFrame:
    """Return `version` of the charges that stand where others of the month were reversed."""
    schema = {"account_id": pl.Int64, "supply_point_id": pl.Int64, "version": pl.Int64}
    if charges.is_empty():
        return pl.DataFrame(schema=schema)
    ends = [charges["account_id"].min(), charges["account_id"].max()]
    return copy_out(_VERSIONS, [target.month.first_on, *ends], schema=schema)


_VERSIONS = """
SELECT account_id, supply_point_id, max(version) + 1 AS version FROM billing_charge
 WHERE month = %s AND account_id BETWEEN %s AND %s GROUP BY account_id, supply_point_id
"""


def _charge_rows(charges: pl.DataFrame, *, target: Target) -> pl.DataFrame:
    return charges.select(
        "id",
        *KEY,
        kwh("wh", "kwh"),
        roubles("amount_kop", "amount"),
        roubles("vat_kop", "vat"),
        "basis",
        "estimated_months",
        "facts",
        month=pl.lit(target.month.first_on),
        version="version",
        run_id=pl.lit(target.run_id),
        vat_percent=pl.lit(f"{target.vat_percent_e2}e-2"),
        calculated_at=pl.lit(target.at.isoformat()),
    )


def _line_rows(lines: pl.DataFrame) -> pl.DataFrame:
    return lines.select(
        "account_id", "charge_id", "number", "zoning", "band", "step", "from_on", "until_on",
        kwh("wh", "kwh"),
        (pl.col("rate_urub").cast(pl.String) + "e-6").alias("rate"),
        roubles("amount_kop", "amount"),
        "basis", "rule", "tariff_version_id", "subject_id",
    )  # fmt: skip


def _benefit_rows(benefits: pl.DataFrame) -> pl.DataFrame:
    return benefits.select(
        "account_id", "charge_id", "number", "line_number", "entitlement_id", "form", "method", "from_on", "until_on",
        "people", "persons",
        kwh("wh", "kwh"),
        roubles("base_kop", "base"),
        roubles("percent_e2", "percent"),
        kwh("limit_wh", "limit_kwh"),
        roubles("amount_kop", "amount"),
        month="month_on",
    )  # fmt: skip


def _volume_rows(volumes: pl.DataFrame) -> pl.DataFrame:
    return volumes.select(
        "account_id", "charge_id", "number", "register_id", "band", "from_on", "until_on",
        "start_reading_id", "end_reading_id",
        kwh("start_wh", "start_value"),
        kwh("end_wh", "end_value"),
        (pl.col("multiplier_e4").fill_null(10_000).cast(pl.String) + "e-4").alias("multiplier"),
        kwh("wh", "kwh"),
        "basis", "rule", "facts",
    )  # fmt: skip


def _entries(charges: pl.DataFrame, *, target: Target) -> pl.DataFrame:
    """Return the ledger's movements: one per charge that is not nothing."""
    return charges.filter(pl.col("amount_kop") != 0).select(
        "account_id",
        "amount_kop",
        kind=pl.lit(EntryKind.CHARGE.value),
        service=pl.lit(Service.ENERGY.value),
        month=pl.lit(target.month.first_on),
        concerns=pl.lit(target.month.first_on),
        posted_on=pl.lit(target.posted_on),
        source_kind=pl.lit("charge"),
        source_id="id",
        line=1,
    )


def _write_parked(parked: pl.DataFrame, *, target: Target) -> None:
    if parked.is_empty():
        return
    known = {
        issue.account_id: issue
        for issue in BillRunIssue.objects.filter(run_id=target.run_id, account_id__in=parked["account_id"].to_list())
    }
    told = dict(parked.iter_rows())
    for account_id, issue in known.items():
        issue.parked_at = target.at
        BillRunIssue.objects.filter(pk=issue.pk).update(parked_at=target.at)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE billing_run_issue SET findings = %s::jsonb WHERE id = %s", [told[account_id], issue.pk]
            )
    fresh = parked.filter(~pl.col("account_id").is_in(list(known)))
    copy_in(
        "billing_run_issue",
        fresh.with_columns(
            run_id=target.run_id,
            state=pl.lit(IssueState.PARKED.value),
            parked_at=pl.lit(target.at.isoformat()),
        ),
    )


def _write_previews(charges: pl.DataFrame, *, target: Target) -> None:
    """Write what each account would pay, beside what it paid for the month before."""
    if charges.is_empty():
        return
    amounts = charges.group_by("account_id").agg(pl.col("wh", "amount_kop").sum())
    before = copy_out(
        _AMOUNTS,
        [target.month.previous.first_on, amounts["account_id"].min(), amounts["account_id"].max()],
        schema={"account_id": pl.Int64, "before_kop": pl.Int64},
    )
    compared = amounts.join(before, on="account_id", how="left").with_columns(pl.col("before_kop").fill_null(0))
    copy_in(
        "billing_preview",
        compared.with_columns(more_kop=pl.col("amount_kop") - pl.col("before_kop")).select(
            "account_id",
            kwh("wh", "kwh"),
            roubles("amount_kop", "amount"),
            roubles("before_kop", "previous_amount"),
            roubles("more_kop", "difference"),
            run_id=target.run_id,
        ),
    )


_AMOUNTS = """
SELECT account_id, (sum(amount) * 100)::bigint AS before_kop FROM billing_charge
 WHERE month = %s AND account_id BETWEEN %s AND %s GROUP BY account_id
"""
