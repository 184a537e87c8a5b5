"""Puts judged submissions into the tables: receipts for all, readings where there is a value to keep.

Used by the single submission and the file alike; always inside their transaction.
"""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db import connection

from svet.domains.metering.rules import Verdict
from svet.domains.metering.rules.checks import Checked
from svet.domains.metering.rules.values import kwh_text
from svet.infra.clock import MOSCOW
from svet.infra.copying import copy_in, reserve_ids

DETAILS: dict[str, Any] = {
    # What a submission carries that no rule looks at.
    "submission": pl.Int64,
    "source_id": pl.String,
    "received_at": pl.Datetime("us", "UTC"),
    "raw": pl.String,  # JSON
}
_EMPTY = pl.lit("[]")


def write(checked: Checked, details: pl.DataFrame) -> pl.DataFrame:
    """Write receipts and readings; return `submission`, `receipt_id`, `number`, `verdict`, `findings` (JSON)."""
    findings = _as_json(checked.findings)
    receipts = _receipts(checked, details, findings)
    copy_in("metering_receipt", receipts.drop("submission"))
    kept = checked.rows.filter(pl.col("value_wh").is_not_null())
    if kept.height:
        copy_in("metering_reading", _readings(kept, receipts, findings))
    return receipts.select("submission", "number", "verdict", "findings", receipt_id="id")


def _receipts(checked: Checked, details: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    told = pl.struct(
        "register_id",
        "position",
        "band",
        value=kwh_text(pl.col("value_wh")),
        previous=kwh_text(pl.col("previous_wh")),
        previous_on=pl.col("previous_on").cast(pl.String),
        kwh=kwh_text(pl.col("kwh_wh") * pl.col("multiplier_e4") // 10_000),
    ).struct.json_encode()
    registers = checked.rows.group_by("submission").agg(registers=_json_list(told))
    reasons = findings.group_by("submission").agg(findings=_json_list(pl.col("finding")))
    frame = (
        checked.submissions.select("submission", "account_id", "channel", "taken_on", "verdict")
        .join(details, on="submission", maintain_order="left")
        .join(registers, on="submission", how="left", maintain_order="left")
        .join(reasons, on="submission", how="left", maintain_order="left")
    )
    month = pl.col("received_at").dt.convert_time_zone(str(MOSCOW)).dt.strftime("%y-%m")
    serial = _next_numbers(frame.height).cast(pl.String).str.zfill(7)
    return frame.with_columns(
        reserve_ids("metering_receipt", frame.height),
        pl.col("findings", "registers").fill_null(_EMPTY),
        number=pl.concat_str(pl.lit("П-"), month, pl.lit("-"), pl.lit(serial)),
    )


def _readings(kept: pl.DataFrame, receipts: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    reasons = findings.group_by("submission", "register_id").agg(findings=_json_list(pl.col("finding")))
    frame = kept.join(receipts.select("submission", "received_at", receipt_id="id"), on="submission")
    frame = frame.join(reasons, on=["submission", "register_id"], how="left")
    standing = pl.col("verdict") != Verdict.REFUSED.value
    return frame.select(
        "account_id",
        "receipt_id",
        "register_id",
        "taken_on",
        "kind",
        "channel",
        "received_at",
        "verdict",
        "counts_from",
        value=kwh_text(pl.col("value_wh")),
        findings=pl.col("findings").fill_null(_EMPTY),
        replaces_id=pl.when(standing).then("replaces_id"),
    )


def _as_json(findings: pl.DataFrame) -> pl.DataFrame:
    parts = (
        pl.lit('{"code":"'),
        pl.col("code"),
        pl.lit('","level":"'),
        pl.col("level"),
        pl.lit('","facts":'),
        pl.col("facts"),
        pl.lit("}"),
    )
    return findings.select("submission", "register_id", finding=pl.concat_str(*parts))


def _json_list(texts: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit("["), texts.str.join(","), pl.lit("]"))


def _next_numbers(count: int) -> pl.Series:
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(nextval('metering_receipt_number')) FROM generate_series(1, %s)", [count])
        return pl.Series("serial", cursor.fetchone()[0], dtype=pl.Int64)
