"""Meters with their registers, stays at supply points, opening and closing values, from files.

A meter is known by serial and model, a stay by the meter and its first day, a value by register, day and kind. A
value that differs replaces the one in force (readings are append-only); what a row does not say stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.db import transaction

from svet.domains.metering.queries.meters import (
    known_agreements,
    known_meters,
    known_registers,
    known_stays,
    known_values,
)
from svet.domains.metering.rules import Channel, Verdict
from svet.domains.metering.rules.meter_files import (
    INSTALLATION_DEFAULTS,
    METER_COLUMNS,
    METER_DEFAULTS,
    METER_KEY,
    SIDES,
    VALUES,
    bands_of,
    belonging,
    check_known,
    check_meters,
    values_of,
)
from svet.domains.supply import queries as supply
from svet.infra.copying import reserve_ids
from svet.infra.loading import LoadResult, Progress, append, change, hold, ranges, record_load
from svet.kernel.reconciling import Changes, compare, completed, overlapping
from svet.kernel.row_findings import found, sound, together

_STAY_KEY = (*METER_KEY, "from_on")
_VALUE_KEY = (*METER_KEY, "position", "kind", "taken_on")


@dataclass(frozen=True)
class _Read:
    """The file's rows beside what is known of them."""

    rows: pl.DataFrame
    meters: pl.DataFrame
    stays: pl.DataFrame


def load_meters(frame: pl.DataFrame, *, at: datetime, progress: Progress | None = None) -> LoadResult:
    """Write the meters of `frame`, their registers and stays, and the values at the beginning and end of stays.

    1. Read what is known. 2. Check rows, then values against the agreements of their days. 3. Write meters and
    registers, stays, values. Columns as in the kind `meters` and `line`; rows with errors are not written at all.
    """
    with transaction.atomic():
        hold("metering_meter", "metering_register", "metering_installation")
        read = _read(frame)
        findings = together(
            [check_meters(read.rows), check_known(read.rows, read.meters, read.stays), _strangers(read)]
        )
        stays = _stays(sound(read.rows, findings))
        findings = together([findings, overlapping(stays, read.stays, by=METER_KEY, column="installed_on")])
        values = pl.concat([values_of(sound(read.rows, findings), side=side) for side in SIDES])
        placed, unplaced = belonging(values, known_agreements(values["supply_point_id"]))
        findings = together([findings, unplaced])
        good = sound(read.rows, findings)

        meters = _write_meters(good, read.meters)
        hung = compare(_stays(good), read.stays, key=_STAY_KEY, values=["until_on", "act_number"])
        _write_stays(hung, meters.ids, progress=progress)
        taken = compare(sound(placed, findings), known_values(placed), key=_VALUE_KEY, values=["value"])
        _write_values(taken, meters.registers, at=at)

        added = pl.concat([hung.new.select("line"), meters.new_lines]).unique()
        touched = pl.concat([part.select("line") for part in (hung.changed, meters.changed, taken.new, taken.changed)])
        updated = touched.unique().join(added, on="line", how="anti").height
        result = LoadResult(added.height, updated, good.height - added.height - updated, findings)
        return record_load("metering", "meters", result, at=at)


def _read(frame: pl.DataFrame) -> _Read:
    rows = frame if "model" in frame.columns else frame.with_columns(model=pl.lit(""))
    absent = {"supply_point_code": "", "installed_on": None, **dict.fromkeys(VALUES["installed"] + VALUES["removed"])}
    types = {"supply_point_code": pl.String, "installed_on": pl.Date}
    rows = rows.with_columns(
        pl.lit(default, dtype=types.get(column, pl.Decimal(14, 3))).alias(column)
        for column, default in absent.items()
        if column not in rows.columns
    )
    meters = known_meters(rows.select(METER_KEY))
    stays = known_stays(rows.select(METER_KEY))
    rows = completed(rows, meters, key=METER_KEY, defaults=METER_DEFAULTS)
    told = stays.select("id", *METER_KEY, "act_number", installed_on="from_on", removed_on="until_on")
    rows = completed(rows, told, key=[*METER_KEY, "installed_on"], defaults=INSTALLATION_DEFAULTS)
    points = supply.ids_by_code(rows["supply_point_code"])
    return _Read(rows.join(points, on="supply_point_code", how="left", maintain_order="left"), meters, stays)


def _strangers(read: _Read) -> pl.DataFrame:
    unknown = (pl.col("supply_point_code") != "") & pl.col("supply_point_id").is_null()
    return found(read.rows, unknown, code="supply_point_is_unknown", column="supply_point_code")


def _stays(rows: pl.DataFrame) -> pl.DataFrame:
    hung = rows.filter(pl.col("installed_on").is_not_null())
    return hung.select(
        "line", *METER_KEY, "supply_point_id", "act_number", from_on="installed_on", until_on="removed_on"
    )


@dataclass(frozen=True)
class _Meters:
    """What was written of meters: ids of all that the file names, of their registers, lines that brought or changed."""

    ids: pl.DataFrame
    registers: pl.DataFrame
    new_lines: pl.DataFrame
    changed: pl.DataFrame


def _write_meters(good: pl.DataFrame, known: pl.DataFrame) -> _Meters:
    columns = list(METER_COLUMNS)
    once = good.unique(METER_KEY, keep="first", maintain_order=True)
    changes = compare(once, known, key=METER_KEY, values=columns)
    change("metering_meter", changes.changed.select("id", *columns), columns={name: f"new.{name}" for name in columns})
    new = changes.new.with_columns(reserve_ids("metering_meter", changes.new.height))
    append("metering_meter", new.select("id", *METER_KEY, *columns))
    bands = bands_of(new).join(new.select(*METER_KEY, meter_id="id"), on=METER_KEY)
    bands = bands.with_columns(reserve_ids("metering_register", bands.height))
    append("metering_register", bands.select("id", "meter_id", "position", "band"))
    ids = [frame.select(*METER_KEY, meter_id="id") for frame in (known, new)]
    registers = [known_registers(known.select(METER_KEY)), bands.select(*METER_KEY, "position", register_id="id")]
    return _Meters(
        ids=pl.concat(ids),
        registers=pl.concat(registers),
        new_lines=good.filter(pl.col("installed_on").is_null()).join(new, on=METER_KEY, how="semi").select("line"),
        changed=good.join(changes.changed, on=METER_KEY, how="semi"),
    )


def _write_stays(stays: Changes, meter_ids: pl.DataFrame, *, progress: Progress | None) -> None:
    valid = ranges("from_on", "until_on")
    change(
        "metering_installation",
        stays.changed.select("id", "act_number", valid=valid),
        columns={"act_number": "new.act_number", "valid": "new.valid::daterange"},
    )
    new = stays.new.join(meter_ids, on=METER_KEY, how="left", maintain_order="left")
    append(
        "metering_installation",
        new.select("meter_id", "supply_point_id", "act_number", valid=valid),
        progress=progress,
    )


def _write_values(values: Changes, registers: pl.DataFrame, *, at: datetime) -> None:
    new = values.new.with_columns(replaces_id=pl.lit(None, dtype=pl.Int64))
    rows = pl.concat([new, values.changed.rename({"id": "replaces_id"}).select(new.columns)])
    rows = rows.join(registers, on=[*METER_KEY, "position"], how="left", maintain_order="left")
    own_month = pl.col("taken_on").dt.truncate("1mo")
    append(
        "metering_reading",
        rows.select(
            "account_id",
            "value",
            "taken_on",
            "kind",
            "replaces_id",
            "register_id",
            channel=pl.lit(Channel.IMPORT.value),
            received_at=pl.lit(at.isoformat()),
            verdict=pl.lit(Verdict.ACCEPTED.value),
            findings=pl.lit("[]"),
            counts_from=pl.max_horizontal(own_month, pl.col("billed_month").dt.offset_by("1mo")),
        ),
    )
