"""What is known of meters that a file names, and the frame of their export."""

from __future__ import annotations

import polars as pl

from svet.infra.loading import frame_of, looked_up

_METER = {
    "id": pl.Int64,
    "serial": pl.String,
    "model": pl.String,
    "zoning": pl.String,
    "digits": pl.Int64,
    "fraction_digits": pl.Int64,
    "multiplier": pl.Decimal(10, 4),
    "made_on": pl.Date,
    "verified_on": pl.Date,
    "verification_due_on": pl.Date,
}
_STAY = {
    "id": pl.Int64,
    "serial": pl.String,
    "model": pl.String,
    "known_point_id": pl.Int64,
    "act_number": pl.String,
    "from_on": pl.Date,
    "until_on": pl.Date,
}
_AGREEMENT = {
    "supply_point_id": pl.Int64,
    "account_id": pl.Int64,
    "agreed_on": pl.Date,
    "ended_on": pl.Date,
    "billed_month": pl.Date,
}
_VALUE = {
    "id": pl.Int64,
    "serial": pl.String,
    "model": pl.String,
    "position": pl.Int64,
    "kind": pl.String,
    "taken_on": pl.Date,
    "value": pl.Decimal(14, 3),
}
_COLUMNS = {
    "serial": "m.serial",
    "model": "m.model",
    "zoning": "m.zoning",
    "digits": "m.digits",
    "fraction_digits": "m.fraction_digits",
    "multiplier": "m.multiplier",
    "made_on": "m.made_on",
    "verified_on": "m.verified_on",
    "verification_due_on": "m.verification_due_on",
    "supply_point_code": "coalesce(p.code, '')",
    "installed_on": "lower(i.valid)",
    "removed_on": "upper(i.valid)",
    "act_number": "coalesce(i.act_number, '')",
}


def known_meters(asked: pl.DataFrame) -> pl.DataFrame:
    """Return the known meters among those asked for by serial and model."""
    columns = ", ".join(f"m.{name}" for name in _METER)
    return looked_up(
        asked,
        f"SELECT {columns} FROM metering_meter m JOIN asked USING (serial, model)",  # noqa: S608 — our own columns
        schema=_METER,
    )


def known_stays(asked: pl.DataFrame) -> pl.DataFrame:
    """Return all stays of the meters asked for by serial and model."""
    return looked_up(
        asked,
        "SELECT i.id, m.serial, m.model, i.supply_point_id, i.act_number, lower(i.valid), upper(i.valid)"
        " FROM metering_installation i JOIN metering_meter m ON m.id = i.meter_id JOIN asked USING (serial, model)",
        schema=_STAY,
    )


def known_agreements(supply_point_ids: pl.Series) -> pl.DataFrame:
    """Return the agreements at these supply points, with the last month billed of each account."""
    return looked_up(
        pl.DataFrame({"supply_point_id": supply_point_ids}),
        "SELECT g.supply_point_id, g.account_id, lower(g.valid), upper(g.valid),"
        " (SELECT max(b.month) FROM metering_billed b WHERE b.account_id = g.account_id)"
        " FROM accounts_agreement g JOIN asked USING (supply_point_id)",
        schema=_AGREEMENT,
    )


def known_registers(asked: pl.DataFrame) -> pl.DataFrame:
    """Return `serial`, `model`, `position`, `register_id` of the meters asked for by serial and model."""
    return looked_up(
        asked,
        "SELECT m.serial, m.model, g.position, g.id FROM metering_register g"
        " JOIN metering_meter m ON m.id = g.meter_id JOIN asked USING (serial, model)",
        schema={"serial": pl.String, "model": pl.String, "position": pl.Int64, "register_id": pl.Int64},
    )


def known_values(asked: pl.DataFrame) -> pl.DataFrame:
    """Return the values in force at the beginning and end of stays, of the accounts and meters asked for."""
    return looked_up(
        asked.select("account_id", "serial", "model"),
        "SELECT f.id, m.serial, m.model, g.position, f.kind, f.taken_on, f.value"
        " FROM asked JOIN metering_meter m USING (serial, model) JOIN metering_register g ON g.meter_id = m.id"
        " JOIN metering_reading_in_force f ON f.account_id = asked.account_id AND f.register_id = g.id"
        " WHERE f.kind IN ('installed', 'removed')",
        schema=_VALUE,
    )


def export_meters() -> pl.DataFrame:
    """Return all meters in the columns of the kind `meters`: a row for each stay, or one for a meter in store."""
    types = {**_METER, **_STAY, "supply_point_code": pl.String, "installed_on": pl.Date, "removed_on": pl.Date}
    stays = frame_of(
        f"SELECT m.id, {', '.join(_COLUMNS.values())} FROM metering_meter m"  # noqa: S608 — our own columns
        " LEFT JOIN metering_installation i ON i.meter_id = m.id LEFT JOIN supply_point p ON p.id = i.supply_point_id"
        " ORDER BY m.model, m.serial, lower(i.valid)",
        schema={"meter_id": pl.Int64, **{name: types[name] for name in _COLUMNS}},
    )
    values = frame_of(
        "SELECT g.meter_id, f.kind, g.position, f.taken_on, f.value FROM metering_reading_in_force f"
        " JOIN metering_register g ON g.id = f.register_id WHERE f.kind IN ('installed', 'removed') ORDER BY f.id",
        schema={
            "meter_id": pl.Int64,
            "kind": pl.String,
            "position": pl.Int64,
            "taken_on": pl.Date,
            "value": pl.Decimal(14, 3),
        },
    )
    for side in ("installed", "removed"):
        for position in (1, 2, 3):
            some = values.filter((pl.col("kind") == side) & (pl.col("position") == position))
            some = some.unique(["meter_id", "taken_on"], keep="last", maintain_order=True)
            column = some.select(
                "meter_id", pl.col("taken_on").alias(f"{side}_on"), pl.col("value").alias(f"{side}_t{position}")
            )
            stays = stays.join(column, on=["meter_id", f"{side}_on"], how="left", maintain_order="left")
    return stays.drop("meter_id")
