"""What a case takes for billed before its first month, in the form in which the months after it are kept.

The last reading of each dial that counts for an earlier month opens the count; the estimates that the case names
wait to be taken back.
"""

from __future__ import annotations

import polars as pl

from svet.domains.billing.rules.state import HISTORY
from svet.domains.metering.rules.volumes.registers import registers_of, usable
from svet.kernel.period import Month
from svet.surfaces.console.cases.case import Case, Estimated
from svet.surfaces.console.cases.meters import is_known
from svet.surfaces.console.cases.rows import (
    ACCOUNT,
    SUPPLY_POINT,
    Row,
    as_frame,
    reading_rows,
    register_id,
    register_rows,
)


def opening_history(case: Case) -> pl.DataFrame:
    """Return the volumes (columns `HISTORY`) that stand for all months before the first one of the case."""
    before = case.months[0].previous
    rows = [_opening(row, before) for row in _last_readings(case, before)]
    for estimated in case.estimated:
        rows += _estimates(case, estimated, before)
    return pl.DataFrame([{name: row.get(name) for name in HISTORY} for row in rows], schema=HISTORY)


def _last_readings(case: Case, before: Month) -> list[Row]:
    """Return the last reading of each dial that counts up to the month `before`, by the engine's own rule."""
    first_on = min([row["from_on"] for row in case.supplies])
    supply = {
        "account_id": ACCOUNT,
        "supply_point_id": SUPPLY_POINT,
        "from_on": before.first_on,
        "until_on": before.next.first_on,
        "agreement_from_on": first_on,
    }
    places = registers_of(
        as_frame("supplies", [supply]), as_frame("registers", register_rows(case, before.next.first_on))
    )
    known = [reading for reading in case.readings if is_known(reading, before, case.policies)]
    replaced = {reading.replaces for reading in known}
    in_force = [row for reading in known if reading.name not in replaced for row in reading_rows(case, reading)]
    usable_rows = usable(as_frame("readings", in_force), places, month=before, policies=case.policies)
    return usable_rows.group_by("register_id", maintain_order=True).last().to_dicts()


def _opening(row: Row, before: Month) -> Row:
    same = {name: row[name] for name in ("account_id", "supply_point_id", "register_id")}
    return {
        **same,
        "month_on": before.first_on,
        "number": 1,
        "from_on": row["taken_on"],
        "until_on": row["taken_on"],
        "start_reading_id": row["reading_id"],
        "end_reading_id": row["reading_id"],
        "start_wh": row["value_wh"],
        "end_wh": row["value_wh"],
        "wh": 0,
        "rule": "V10",
    }


def _estimates(case: Case, estimated: Estimated, before: Month) -> list[Row]:
    """Return a volume for each month in a row that was estimated; the first of them carries the energy."""
    register, rule = None, "V05"
    if estimated.meter is not None:
        place = case.meters[estimated.meter].bands.index(estimated.band)
        register, rule = register_id(estimated.meter, place), "V04"
    return [
        {
            "month_on": before.plus(-step).first_on,
            "account_id": ACCOUNT,
            "supply_point_id": SUPPLY_POINT,
            "number": 2,
            "register_id": register,
            "wh": estimated.wh if step == 0 else 0,
            "rule": rule,
        }
        for step in range(estimated.months)
    ]
