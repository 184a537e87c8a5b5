"""Meters and readings of a case as rows of the engine's frames, with the ids they have there."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from svet.domains.billing.rules.frames import Inputs
from svet.surfaces.console.cases.case import Case
from svet.surfaces.console.cases.meters import Reading

Row = dict[str, Any]
ACCOUNT = SUPPLY_POINT = 1
"""The one account and the one supply point of a case."""


def as_frame(name: str, rows: list[Row]) -> pl.DataFrame:
    """Return rows as the engine's input frame of that name; what a row lacks is null."""
    schema = Inputs.SCHEMAS[name]
    return pl.DataFrame([{column: row.get(column) for column in schema} for row in rows], schema=schema)


def register_id(meter: int, place: int) -> int:
    """Return the id of the dial at `place` (from 0) of the case's meter number `meter` (from 0)."""
    return (meter + 1) * 10 + place + 1


def reading_id(case: Case, reading: Reading, band: str) -> int:
    """Return the id of one value of a reading."""
    place = case.meters[reading.meter].bands.index(band)
    return (case.readings.index(reading) + 1) * 10 + place + 1


def register_rows(case: Case, known_on: date) -> list[Row]:
    """Return the dials of the meters that are there on the day."""
    return [
        {
            "supply_point_id": SUPPLY_POINT,
            "meter_id": number + 1,
            "register_id": register_id(number, place),
            "position": place + 1,
            "band": band,
            "zoning": meter.zoning.value,
            "digits": meter.digits,
            "multiplier_e4": meter.multiplier_e4,
            "installed_on": meter.installed_on,
            "removed_on": meter.removal_known_on(known_on),
            "verification_due_on": meter.verification_due_on,
        }
        for number, meter in enumerate(case.meters)
        if meter.known_on(known_on)
        for place, band in enumerate(meter.bands)
    ]


def reading_rows(case: Case, reading: Reading) -> list[Row]:
    """Return a row for each dial of a reading."""
    bands = case.meters[reading.meter].bands
    return [
        {
            "account_id": ACCOUNT,
            "register_id": register_id(reading.meter, bands.index(band)),
            "reading_id": reading_id(case, reading, band),
            "value_wh": value,
            "taken_on": reading.on,
            "kind": reading.kind,
        }
        for band, value in reading.values.items()
    ]
