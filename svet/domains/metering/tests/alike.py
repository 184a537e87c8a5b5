"""Judges a submission both ways, in plain Python and over frames, and holds that they agree in everything."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from svet.domains.metering.rules.checks import check
from svet.domains.metering.rules.context import SUBMISSIONS, VALUES, Known
from svet.domains.metering.rules.single import (
    Judged,
    KnownAccount,
    KnownReading,
    KnownRegister,
    Place,
    Row,
    Submission,
    judge,
)

ACCOUNT = 1


def asked_frames(asked: Submission) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return a submission to account 1 as the frames that `check` takes."""
    row = (1, ACCOUNT, asked.meter_serial, asked.taken_on, asked.given_on, str(asked.channel), str(asked.kind))
    return (
        pl.DataFrame([row], schema=SUBMISSIONS, orient="row"),
        pl.DataFrame([(1, key, text) for key, text in asked.values], schema=VALUES, orient="row"),
    )


def account_of(known: Known) -> KnownAccount:
    """Return what frames say of their only account as plain values."""
    billed = known.billed["billed_month"].to_list()
    return KnownAccount(
        places=tuple(Place(*row[1:]) for row in known.places.rows()),
        registers=tuple(KnownRegister(*row) for row in known.registers.rows()),
        history=tuple(KnownReading(*row[1:]) for row in known.history.rows()),
        billed_month=billed[0] if billed else None,
        policies=known.policies,
    )


def judged_alike(known: Known, values: dict[Any, Any], **more: Any) -> Judged:
    """Return the judgement of a submission, after comparing it with that over frames."""
    asked = Submission.of(values, **more)
    judged, checked = judge(asked, account_of(known)), check(*asked_frames(asked), known)

    framed = [
        (row["register_id"], row["code"], row["level"], json.loads(row["facts"]))
        for row in checked.findings.iter_rows(named=True)
    ]
    plain = [(register, one.code, one.level.value, dict(one.facts)) for register, one in judged.found]
    assert sorted(plain, key=str) == sorted(framed, key=str)
    assert judged.verdict.value == checked.submissions["verdict"][0]
    rows = [_plain(row) for row in judged.rows]
    assert len(rows) == checked.rows.height
    for mine, other in zip(rows, checked.rows.iter_rows(named=True), strict=True):
        assert mine == {name: other[name] for name in mine}
    return judged


def _plain(row: Row) -> dict[str, Any]:
    near, use = row.near, row.use
    return {
        "register_id": row.register.register_id,
        "position": row.register.position,
        "band": row.register.band,
        "text": row.text,
        "value_wh": row.value_wh,
        "replaces_id": near.replaced.reading_id if near.replaced else None,
        "previous_wh": near.previous.value_wh if near.previous else None,
        "previous_on": near.previous.taken_on if near.previous else None,
        "usual_wh_day": near.usual_wh_day,
        "counts_from": row.month.counts_from,
        "is_billed": row.month.is_billed,
        "is_late": row.month.is_late,
        "days": use.days,
        "step_wh": use.step_wh,
        "kwh_wh": use.kwh_wh,
        "multiplier_e4": row.place.multiplier_e4,
        "digits": row.place.digits,
    }
