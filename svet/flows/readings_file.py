"""A file of readings from a meter reader, a grid company or another program: the same checks as one by one.

Columns: account_number, meter_serial, taken_on, t1, t2, t3, channel, source_id. A row that names no account or no
day has nobody to give a receipt to and is reported with its number; every other row becomes a submission. The
whole file is one transaction; the same file again changes nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from svet.domains.metering import actions, queries
from svet.domains.metering.rules import Channel, ReadingKind
from svet.infra import clock
from svet.infra.loading import LoadResult, Progress
from svet.kernel.findings import Level
from svet.kernel.row_findings import ROW_FINDINGS

COLUMNS = ("account_number", "meter_serial", "taken_on", "t1", "t2", "t3", "channel", "source_id")
REQUIRED = ("account_number", "taken_on", "t1")
PLACES = ("t1", "t2", "t3")
CONTROLLERS = (Channel.METER_READER.value, Channel.GRID.value)
"""Channels whose people read the meter themselves: their readings are control readings."""
CARRIED_OVER = Channel.IMPORT.value
"""Readings taken over from the system before: initial ones, billing goes on from the latest of them."""

RESULTS = {
    # One row per row of the file.
    "row": pl.Int64,  # the line of the file; the header is line 1
    "outcome": pl.String,  # accepted, held, refused, repeated, error
    "number": pl.String,  # of the receipt
    "findings": pl.String,  # JSON
}
_DAY_FORMS = (r"^\d{4}-\d{2}-\d{2}$", "%Y-%m-%d"), (r"^\d{2}\.\d{2}\.\d{4}$", "%d.%m.%Y")


@dataclass(frozen=True)
class ReadingsOutcome:
    """What came of a file: how many rows of each outcome, and each row's result (columns `RESULTS`)."""

    counts: dict[str, int]
    results: pl.DataFrame


def take_readings(
    frame: pl.DataFrame, *, at: datetime, default_channel: Channel = Channel.METER_READER, dry: bool = False
) -> ReadingsOutcome:
    """Submit the rows of `frame` (columns `COLUMNS`, any types; optional ones may be missing), all in one transaction.

    A reading counts as given on the day it was taken: the reader or the channel had it then. A dry run returns
    the same results and leaves nothing behind. Raises Conflict("busy") when the accounts cannot be locked in time.
    """
    rows = _with_accounts(_texts(frame), default_channel=default_channel)
    errors = _errors(rows)
    good = rows.join(errors, left_on="submission", right_on="row", how="anti")
    outcome = actions.submit_readings(*_frames(good, at=at), at=at, dry=dry)
    taken = outcome.select(
        row="submission",
        outcome=pl.when("is_repeat").then(pl.lit("repeated")).otherwise("verdict"),
        number="number",
        findings="findings",
    )
    results = pl.concat([taken, errors]).sort("row")
    return ReadingsOutcome(counts=dict(results.group_by("outcome").len().sort("outcome").iter_rows()), results=results)


def load_readings(frame: pl.DataFrame, *, at: datetime, progress: Progress | None = None) -> LoadResult:
    """Submit the rows of `frame` (columns `COLUMNS` and `line`) as the kind `readings` of region files.

    A reading that is held or refused is loaded too, with its receipt: its findings are notes that name the receipt
    and the verdict. Only a row that cannot become a submission is an error.
    """
    taken = take_readings(frame, at=at)
    if progress is not None:
        progress(taken.results.height)
    lines = frame["line"] if "line" in frame.columns else pl.Series(range(2, frame.height + 2), dtype=pl.Int64)
    results = taken.results.with_columns(line=lines)
    fresh = sum(count for outcome, count in taken.counts.items() if outcome not in ("repeated", "error"))
    told = results.filter(~pl.col("outcome").is_in(["accepted", "repeated"]) | (pl.col("findings") != "[]"))
    return LoadResult(inserted=fresh, unchanged=taken.counts.get("repeated", 0), findings=_row_findings(told))


def _row_findings(results: pl.DataFrame) -> pl.DataFrame:
    rows = [
        (
            row["line"],
            one["facts"].get("column") or f"t{one['facts'].get('position', 1)}",
            one["code"],
            Level.REFUSE.value if row["outcome"] == "error" else Level.NOTE.value,
            one["facts"].get("value"),
            json.dumps({**one["facts"], "verdict": row["outcome"], "receipt": row["number"]}, ensure_ascii=False),
        )
        for row in results.iter_rows(named=True)
        for one in json.loads(row["findings"])
    ]
    return pl.DataFrame(rows, schema=ROW_FINDINGS, orient="row")


def _texts(frame: pl.DataFrame) -> pl.DataFrame:
    """Return exactly the columns as trimmed text, null where empty, with the line number as `submission`."""
    columns = [
        (
            pl.col(name).cast(pl.String).str.replace_all(r"[\x00\x1f]", "").str.strip_chars()
            if name in frame.columns
            else pl.lit(None, dtype=pl.String)
        )
        .replace("", None)
        .alias(name)
        for name in COLUMNS
    ]
    return frame.select(columns).with_row_index("submission", offset=2).cast({"submission": pl.Int64})


def _with_accounts(rows: pl.DataFrame, *, default_channel: Channel) -> pl.DataFrame:
    """Add what the texts mean: the account, the day, the channel, the submission's own id."""
    days = [
        pl.when(pl.col("taken_on").str.contains(form)).then(pl.col("taken_on")).str.to_date(style, strict=False)
        for form, style in _DAY_FORMS
    ]
    values = pl.concat_str([pl.col(place).fill_null("").str.slice(0, 16) for place in PLACES], separator="/")
    derived = pl.concat_str(
        pl.col("meter_serial").fill_null("").str.slice(0, 40), "taken_on", values, separator=":", ignore_nulls=True
    ).str.slice(0, 120)
    known = queries.accounts_by_number(rows["account_number"].drop_nulls().unique().to_list())
    return rows.join(known, on="account_number", how="left", maintain_order="left").with_columns(
        day=pl.coalesce(days),
        channel=pl.col("channel").str.to_lowercase().fill_null(default_channel.value),
        source_id=pl.coalesce("source_id", derived),
    )


def _errors(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that cannot become submissions, each with the first reason."""
    channels = [channel.value for channel in Channel]
    reasons = (
        ("row_account_missing", pl.col("account_number").is_null(), "account_number"),
        ("row_account_unknown", pl.col("account_id").is_null(), "account_number"),
        ("row_day_missing", pl.col("taken_on").is_null(), "taken_on"),
        ("row_day_unreadable", pl.col("day").is_null(), "taken_on"),
        ("row_channel_unknown", ~pl.col("channel").is_in(channels), "channel"),
        ("row_source_too_long", pl.col("source_id").str.len_chars() > 120, "source_id"),
        ("row_values_missing", pl.all_horizontal(pl.col(*PLACES).is_null()), "t1"),
    )
    finding = pl.lit(None, dtype=pl.String)
    for code, when, column in reversed(reasons):
        fact = pl.struct(
            code=pl.lit(code),
            level=pl.lit("refuse"),
            facts=pl.struct(value=pl.col(column).str.slice(0, 60), column=pl.lit(column)),
        ).struct.json_encode()
        finding = pl.when(when).then(fact).otherwise(finding)
    found = rows.select(row="submission", finding=finding).drop_nulls("finding")
    return found.select(
        "row",
        outcome=pl.lit("error"),
        number=pl.lit(None, dtype=pl.String),
        findings=pl.concat_str(pl.lit("["), "finding", pl.lit("]")),
    )


def _frames(rows: pl.DataFrame, *, at: datetime) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    control, regular = pl.lit(ReadingKind.CONTROL.value), pl.lit(ReadingKind.REGULAR.value)
    initial = pl.lit(ReadingKind.INITIAL.value)
    submissions = rows.select(
        "submission",
        "account_id",
        "meter_serial",
        "channel",
        taken_on="day",
        given_on=pl.min_horizontal("day", pl.lit(at.astimezone(clock.MOSCOW).date())),
        kind=pl.when(pl.col("channel").is_in(CONTROLLERS))
        .then(control)
        .when(pl.col("channel") == CARRIED_OVER)
        .then(initial)
        .otherwise(regular),
    )
    values = pl.concat(
        [rows.select("submission", key=pl.lit(place[1]), text=place).drop_nulls("text") for place in PLACES]
    )
    details = rows.select(
        "submission",
        "source_id",
        received_at=pl.lit(at).cast(pl.Datetime("us", "UTC")),
        raw=pl.struct(row="submission", values=pl.struct(*PLACES)).struct.json_encode(),
    )
    return submissions, values, details
