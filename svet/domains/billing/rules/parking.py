"""Which accounts of a calculation wait for a person, and why. Pure.

Every supply ends as a charge or as a finding that holds its account: none gets lost in between.
"""

from __future__ import annotations

import json

import polars as pl

from svet.domains.billing.rules.frames import FINDINGS, Rated
from svet.kernel.findings import Level

NOT_RATED = "B90"
"""The finding of a supply for which rating returned neither a charge nor a finding."""

KEY = ["account_id", "supply_point_id"]
PARKED = {"account_id": pl.Int64, "findings": pl.String}


def park(supplies: pl.DataFrame, rated: Rated) -> tuple[Rated, pl.DataFrame]:
    """Return the result without the accounts that are held, and those accounts with their findings (`PARKED`)."""
    holding = rated.findings.filter(pl.col("level") == Level.HOLD.value)
    lost = (
        supplies.select(KEY)
        .unique()
        .join(rated.charges, on=KEY, how="anti")
        .join(holding, on="account_id", how="anti")
        .with_columns(code=pl.lit(NOT_RATED), level=pl.lit(Level.HOLD.value), facts=pl.lit("{}"))
    )
    holding = pl.concat([holding, lost.select(list(FINDINGS))])
    held = holding.select("account_id").unique()
    told = rated.findings.join(held, on="account_id", how="semi")
    return (
        Rated(
            charges=rated.charges.join(held, on="account_id", how="anti"),
            volumes=rated.volumes.join(held, on="account_id", how="anti"),
            lines=rated.lines.join(held, on="account_id", how="anti"),
            findings=rated.findings,
            benefits=rated.benefits.join(held, on="account_id", how="anti"),
        ),
        _by_account(pl.concat([holding, told]).unique(maintain_order=True)),
    )


def _by_account(findings: pl.DataFrame) -> pl.DataFrame:
    """Return one row per account with its findings as JSON in the form of `kernel.findings.Finding`."""
    gathered: dict[int, list[dict[str, object]]] = {}
    for row in findings.sort(*KEY, "level", "code").iter_rows(named=True):
        facts = json.loads(row["facts"]) | {"supply_point_id": row["supply_point_id"]}
        gathered.setdefault(row["account_id"], []).append({"code": row["code"], "level": row["level"], "facts": facts})
    rows = [{"account_id": account, "findings": json.dumps(found)} for account, found in gathered.items()]
    return pl.DataFrame(rows, schema=PARKED)
