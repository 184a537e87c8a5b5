"""The checks of readings: numbered rules as expressions over rows.

`check` judges a file's worth at once; `single.judge` is the same for one submission that somebody waits for. A
submission is accepted, held or refused as a whole, so that the registers of a meter never part company.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from svet.domains.metering.rules import Verdict
from svet.domains.metering.rules.context import Known, assemble, find_meters
from svet.domains.metering.rules.rule_table import METER_CHECKS, STRAY_CHECKS, VALUE_CHECKS, Check, use_checks
from svet.domains.metering.rules.use import with_month, with_use
from svet.kernel.findings import Level

FINDINGS = {
    "submission": pl.Int64,
    "register_id": pl.Int64,  # null: about the whole submission
    "code": pl.String,
    "level": pl.String,
    "facts": pl.String,  # JSON
}
_GRAVITY = {Level.NOTE.value: 0, Level.HOLD.value: 1, Level.REFUSE.value: 2}
_VERDICTS = [Verdict.ACCEPTED.value, Verdict.HELD.value, Verdict.REFUSED.value]


@dataclass(frozen=True)
class Checked:
    """The result: submissions with `verdict`, rows with `kwh_wh`, `counts_from`, `replaces_id`; the findings."""

    submissions: pl.DataFrame
    rows: pl.DataFrame
    findings: pl.DataFrame


def check(submissions: pl.DataFrame, values: pl.DataFrame, known: Known) -> Checked:
    """Judge submissions by all rules, R01 to R22."""
    found = find_meters(submissions, known)
    rows, strays = assemble(found, values, known)
    rows = with_use(with_month(rows, known.policies), known.policies)
    findings = pl.concat(
        [
            pl.DataFrame(schema=FINDINGS),
            *_apply(METER_CHECKS, found),
            *_apply(STRAY_CHECKS, strays),
            *_apply(VALUE_CHECKS, rows),
            *_apply(use_checks(known.policies), rows),
        ]
    )
    verdicts = findings.group_by("submission").agg(
        verdict=pl.col("level").replace_strict(_GRAVITY, return_dtype=pl.Int64).max()
    )
    judged = found.join(verdicts, on="submission", how="left", maintain_order="left").with_columns(
        verdict=pl.col("verdict").fill_null(0).replace_strict(dict(enumerate(_VERDICTS)), return_dtype=pl.String)
    )
    rows = rows.join(judged.select("submission", "verdict"), on="submission", maintain_order="left")
    return Checked(judged, rows, findings.sort("submission", "code", "register_id"))


def _apply(checks: tuple[Check, ...], rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the findings of each check that finds something."""
    if rows.is_empty():
        return
    hits = rows.select([one.when.fill_null(False).alias(str(place)) for place, one in enumerate(checks)])
    for one, hit in zip(checks, hits.iter_columns(), strict=True):
        if hit.any():
            yield rows.filter(hit).select(
                "submission",
                "register_id",
                code=pl.lit(one.code),
                level=pl.lit(one.level.value),
                facts=pl.struct(*one.facts).struct.json_encode() if one.facts else pl.lit("{}"),
            )
