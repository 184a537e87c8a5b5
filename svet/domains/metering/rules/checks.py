"""The checks of readings: numbered rules as expressions over rows, one implementation for one and a million.

`check` judges frames; `check_reading` is the same for one submission and returns findings. A submission is
accepted, held or refused as a whole, so that the registers of a meter never part company.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from svet.domains.metering.rules import Channel, ReadingKind, Verdict
from svet.domains.metering.rules.context import BILLED, SUBMISSIONS, VALUES, Known, assemble, find_meters
from svet.domains.metering.rules.rule_table import METER_CHECKS, STRAY_CHECKS, VALUE_CHECKS, Check, use_checks
from svet.domains.metering.rules.use import with_month, with_use
from svet.domains.metering.rules.values import as_text, storable
from svet.kernel.energy import TimeBand
from svet.kernel.findings import Finding, Level

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


def check_reading(
    known: Known,
    values: Mapping[str | int | TimeBand, object],
    *,
    taken_on: date,
    given_on: date,
    channel: Channel = Channel.CABINET,
    kind: ReadingKind = ReadingKind.REGULAR,
    meter_serial: str | None = None,
) -> list[Finding]:
    """Return what the rules find in one submission to the (one) account that `known` is about."""
    accounts = known.places["account_id"].unique().to_list()
    asked, given = one_submission(
        account_id=accounts[0] if accounts else 0,
        values=values,
        taken_on=taken_on,
        given_on=given_on,
        channel=channel,
        kind=kind,
        meter_serial=meter_serial,
    )
    return findings_of(check(asked, given, known).findings)


def one_submission(
    *,
    account_id: int,
    values: Mapping[str | int | TimeBand, object],
    taken_on: date,
    given_on: date,
    channel: Channel,
    kind: ReadingKind,
    meter_serial: str | None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the frames of one submission. Keys of `values`: a band, a position ("1", "T1"), or a register id."""
    row = (1, account_id, meter_serial or None, taken_on, given_on, str(channel), str(kind))
    asked = pl.DataFrame([row], schema=SUBMISSIONS, orient="row")
    texts = [(1, _key(key), as_text(value)) for key, value in values.items()]
    return asked, pl.DataFrame(texts, schema=VALUES, orient="row")


def findings_of(frame: pl.DataFrame) -> list[Finding]:
    """Return a frame of findings as findings, the register's id among the facts where there is one."""
    return [Finding(row["code"], Level(row["level"]), json.loads(row["facts"])) for row in frame.iter_rows(named=True)]


def nothing_billed() -> pl.DataFrame:
    """Return the frame of accounts without a billed month."""
    return pl.DataFrame(schema=BILLED)


def _key(key: str | int | TimeBand) -> str:
    if isinstance(key, int):
        return f"#{key}"
    text = storable(str(key)).strip().lower()[:40]
    return text[1:] if len(text) == 2 and text[0] in "tт" else text


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
