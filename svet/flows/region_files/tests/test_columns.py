# ruff: noqa: E501 — tables of cells read better unbroken
"""Cells: what each kind of column takes, and what it does not."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from svet.flows.region_files.columns import Choice, Column, Day, Number, Whole, YesNo, stripped

CASES = [
    (Day("c", "", ""), {"31.12.2026": date(2026, 12, 31), "2026-12-31": date(2026, 12, 31), "2026-12-31 00:00:00": date(2026, 12, 31), "31.02.2026": None, "31.12.26": None, "1.1.2026": None, "2026-12-31 10:00": None, "31.12.0001": None, "45000": None}),
    (Whole("c", "", "", least=1, most=9), {"5": 5, "+5": 5, "5.0": 5, "5,00": 5, "0": None, "10": None, "5,5": None, "1e0": None, "-1": None, "9" * 30: None}),
    (Number("c", "", "", precision=5, scale=2), {"1,5": Decimal("1.50"), "1.50": Decimal("1.50"), "+7": Decimal(7), "1.500": Decimal("1.50"), "1 000": None, "999.99": Decimal("999.99"), "1000": None, "1.555": None, "-1": None, "NaN": None, "1e2": None, "0x1": None}),
    (Number("c", "", "", above_zero=True), {"0": None, "0,001": Decimal("0.001")}),
    (YesNo("c", "", ""), {"Да": True, "нет": False, "1": True, "0": False, "TRUE": True, "ложь": False, "может": None}),
    (Choice("c", "", "", words={"rural": ("сельское население",)}), {"rural": "rural", "Сельское  Население": "rural", "село": None}),
]  # fmt: skip


@pytest.mark.parametrize(("column", "cells"), CASES, ids=lambda value: type(value).__name__)
def test_a_cell_is_its_value_or_nothing(column, cells):
    frame = pl.DataFrame({"line": range(len(cells)), "c": list(cells)})

    values = frame.select(column.values(pl.col("c")).cast(column.dtype)).to_series().to_list()

    assert dict(zip(cells, values, strict=True)) == cells
    wrong = pl.concat(column.findings(frame))["line"].to_list()
    assert wrong == [place for place, value in enumerate(cells.values()) if value is None]
    assert column.form


def test_idle_space_goes_and_nothing_is_null():
    frame = pl.DataFrame({"c": [" а б\u00a0", "", "\\N", "\u202f"]})

    assert frame.select(stripped("c")).to_series().to_list() == ["а б", None, None, None]


def test_a_column_must_say_what_it_may_hold():
    with pytest.raises(TypeError, match="abstract"):
        Column("c", "", "")
