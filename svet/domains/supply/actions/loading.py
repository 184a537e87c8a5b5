"""Supply points with their premises, and categories, from files: compared with what is known by their codes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import polars as pl
from django.db import transaction

from svet.domains.supply import queries
from svet.domains.supply.rules import PREMISES_COLUMNS, PREMISES_DEFAULTS, check_supply_points
from svet.infra.copying import reserve_ids
from svet.infra.loading import LoadResult, Progress, append, change, hold, looked_up, ranges, record_load
from svet.kernel.reconciling import compare, completed, overlapping
from svet.kernel.row_findings import found, repeated, sound, together

_PREMISES: dict[str, Any] = {
    "id": pl.Int64,
    "premises_code": pl.String,
    "premises_kind": pl.String,
    "postal_code": pl.String,
    "settlement": pl.String,
    "region": pl.String,
    "district": pl.String,
    "street": pl.String,
    "house": pl.String,
    "flat": pl.String,
    "rooms": pl.Int64,
    "area_m2": pl.Decimal(9, 2),
    "electric_stove": pl.Boolean,
    "electric_heating": pl.Boolean,
}
_POINT = {
    "id": pl.Int64,
    "supply_point_code": pl.String,
    "premises_id": pl.Int64,
    "network_operator": pl.String,
    "max_power_kw": pl.Decimal(10, 3),
}
_CATEGORY = {
    "id": pl.Int64,
    "supply_point_id": pl.Int64,
    "territory": pl.String,
    "category": pl.String,
    "from_on": pl.Date,
    "until_on": pl.Date,
}


def load_supply_points(frame: pl.DataFrame, *, at: datetime, progress: Progress | None = None) -> LoadResult:
    """Write the supply points of `frame` and their premises by their codes; what is the same is left alone.

    Columns as in the kind `supply_points` and `line`; an absent column changes nothing. Rows with errors are not
    written. A row counts as updated when its supply point or its premises changed.
    """
    with transaction.atomic():
        hold("supply_premises", "supply_point")
        known_premises = _known_premises(frame)
        rows = completed(frame, known_premises, key=["premises_code"], defaults=PREMISES_DEFAULTS)
        known_points = _known_points(frame)
        defaults = {"network_operator": "", "max_power_kw": None}
        rows = completed(rows, known_points, key=["supply_point_code"], defaults=defaults)
        findings = together([check_supply_points(rows), _unknown_operators(rows)])
        good = sound(rows, findings)
        premises = compare(
            good.unique("premises_code", keep="first", maintain_order=True),
            known_premises,
            key=["premises_code"],
            values=PREMISES_COLUMNS,
        )
        ids = _write_premises(premises.new, premises.changed, known_premises)
        good = good.join(ids, on="premises_code", how="left", maintain_order="left")
        points = compare(
            good,
            known_points,
            key=["supply_point_code"],
            values=["premises_id", "network_operator", "max_power_kw"],
        )
        _write_points(points.new, points.changed, progress=progress)
        touched = good.join(premises.changed.select("premises_code"), on="premises_code", how="semi")
        updated = pl.concat([points.changed.select("line"), touched.select("line")]).unique()
        updated = updated.join(points.new.select("line"), on="line", how="anti")
        unchanged = good.height - points.new.height - updated.height
        result = LoadResult(points.new.height, updated.height, unchanged, findings)
        return record_load("supply", "supply_points", result, at=at)


def load_categories(frame: pl.DataFrame, *, at: datetime, progress: Progress | None = None) -> LoadResult:
    """Write the categories of `frame` by supply point and first day. Columns as in the kind `categories` and `line`.

    Rows with errors are not written; two categories of one point never overlap.
    """
    with transaction.atomic():
        hold("supply_point_category")
        rows = frame.join(queries.ids_by_code(frame["supply_point_code"]), on="supply_point_code", how="left")
        known = looked_up(
            rows.select("supply_point_id").drop_nulls(),
            "SELECT k.id, k.supply_point_id, k.territory, k.category, lower(k.valid), upper(k.valid)"
            " FROM supply_point_category k JOIN asked USING (supply_point_id)",
            schema=_CATEGORY,
        )
        key = ["supply_point_id", "from_on"]
        rows = completed(rows, known, key=key, defaults={"until_on": None})
        findings = _check_categories(rows, key=key)
        clash = overlapping(sound(rows, findings), known, by=["supply_point_id"], column="from_on")
        findings = together([findings, clash])
        changes = compare(sound(rows, findings), known, key=key, values=["territory", "category", "until_on"])
        values = [pl.col("territory"), pl.col("category"), ranges("from_on", "until_on").alias("valid")]
        updated = change(
            "supply_point_category",
            changes.changed.select("id", *values),
            columns={"territory": "new.territory", "category": "new.category", "valid": "new.valid::daterange"},
        )
        new = changes.new.select("supply_point_id", *values)
        inserted = append("supply_point_category", new, progress=progress)
        result = LoadResult(inserted, updated, changes.unchanged, findings)
        return record_load("supply", "categories", result, at=at)


def _check_categories(rows: pl.DataFrame, *, key: Sequence[str]) -> pl.DataFrame:
    stranger = pl.col("supply_point_id").is_null()
    return together(
        [
            found(rows, stranger, code="supply_point_is_unknown", column="supply_point_code"),
            found(rows, pl.col("until_on") <= pl.col("from_on"), code="period_is_empty", column="until_on"),
            repeated(rows.filter(~stranger), key=key, column="from_on"),
        ]
    )


def _known_premises(frame: pl.DataFrame) -> pl.DataFrame:
    schema = {name: pl.Int64 if dtype == pl.Boolean else dtype for name, dtype in _PREMISES.items()}
    known = looked_up(
        frame.select(code="premises_code"),
        "SELECT m.id, m.code, m.kind, m.postal_code, m.settlement, m.region, m.district, m.street, m.house, m.flat,"
        " m.rooms, m.area_m2, m.electric_stove::int, m.electric_heating::int"
        " FROM supply_premises m JOIN asked ON asked.code = m.code",
        schema=schema,
    )
    return known.with_columns(pl.col("electric_stove", "electric_heating").cast(pl.Boolean))


def _known_points(frame: pl.DataFrame) -> pl.DataFrame:
    return looked_up(
        frame.select(code="supply_point_code"),
        "SELECT p.id, p.code, p.premises_id, coalesce(o.code, ''), p.max_power_kw"
        " FROM supply_point p JOIN asked ON asked.code = p.code"
        " LEFT JOIN supply_network_operator o ON o.id = p.network_operator_id",
        schema=_POINT,
    )


def _unknown_operators(rows: pl.DataFrame) -> pl.DataFrame:
    known = ["", *queries.network_operator_ids()]
    return found(
        rows,
        ~pl.col("network_operator").is_in(known),
        code="network_operator_is_unknown",
        column="network_operator",
        facts={"known": pl.lit(", ".join(known[1:]))},
    )


def _write_premises(new: pl.DataFrame, changed: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Write premises and return `premises_code`, `premises_id` of all that the file names."""
    columns = {name: name.removeprefix("premises_") for name in PREMISES_COLUMNS}
    change(
        "supply_premises",
        changed.select("id", *columns),
        columns={column: f"new.{name}" for name, column in columns.items()},
    )
    new = new.with_columns(reserve_ids("supply_premises", new.height)) if new.height else new.with_columns(id=pl.lit(0))
    append("supply_premises", new.select("id", code="premises_code", **{to: pl.col(of) for of, to in columns.items()}))
    ids = [frame.select("premises_code", premises_id=pl.col("id").cast(pl.Int64)) for frame in (known, new)]
    return pl.concat(ids)


def _write_points(new: pl.DataFrame, changed: pl.DataFrame, *, progress: Progress | None) -> None:
    operators = queries.network_operator_ids()
    operator_id = pl.col("network_operator").replace_strict(operators, default=None, return_dtype=pl.Int64)
    values = {
        "premises_id": pl.col("premises_id"),
        "network_operator_id": operator_id,
        "max_power_kw": pl.col("max_power_kw"),
    }
    change("supply_point", changed.select("id", **values), columns={name: f"new.{name}" for name in values})
    append("supply_point", new.select(code="supply_point_code", **values), progress=progress)
