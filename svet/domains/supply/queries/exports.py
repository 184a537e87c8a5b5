"""The frames of exports: the columns of the import files, so that what goes out can come back in unchanged."""

from __future__ import annotations

import polars as pl

from svet.infra.loading import frame_of


def export_supply_points() -> pl.DataFrame:
    """Return all supply points with their premises in the columns of the kind `supply_points`."""
    frame = frame_of(
        "SELECT p.code, m.code, m.kind, m.postal_code, m.region, m.district, m.settlement, m.street, m.house, m.flat,"
        " m.rooms, m.area_m2, m.electric_stove::int, m.electric_heating::int, coalesce(o.code, ''), p.max_power_kw"
        " FROM supply_point p JOIN supply_premises m ON m.id = p.premises_id"
        " LEFT JOIN supply_network_operator o ON o.id = p.network_operator_id ORDER BY p.code",
        schema={
            "supply_point_code": pl.String,
            "premises_code": pl.String,
            "premises_kind": pl.String,
            "postal_code": pl.String,
            "region": pl.String,
            "district": pl.String,
            "settlement": pl.String,
            "street": pl.String,
            "house": pl.String,
            "flat": pl.String,
            "rooms": pl.Int64,
            "area_m2": pl.Decimal(9, 2),
            "electric_stove": pl.Int64,
            "electric_heating": pl.Int64,
            "network_operator": pl.String,
            "max_power_kw": pl.Decimal(10, 3),
        },
    )
    return frame.with_columns(pl.col("electric_stove", "electric_heating").cast(pl.Boolean))


def export_categories() -> pl.DataFrame:
    """Return all categories of supply points, past ones too, in the columns of the kind `categories`."""
    return frame_of(
        "SELECT p.code, k.territory, k.category, lower(k.valid), upper(k.valid) FROM supply_point_category k"
        " JOIN supply_point p ON p.id = k.supply_point_id ORDER BY p.code, lower(k.valid)",
        schema={
            "supply_point_code": pl.String,
            "territory": pl.String,
            "category": pl.String,
            "from_on": pl.Date,
            "until_on": pl.Date,
        },
    )
