"""Whole-number arithmetic and periods on frames, held against plain Python."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate, groupby

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from svet.kernel import tables
from svet.kernel.tables import FEW, remembered

FIRST = date(2026, 1, 1)
SCHEMA = {"key": pl.Int64, "from_on": pl.Date, "until_on": pl.Date}


def day(number):
    return None if number is None else FIRST + timedelta(number)


@st.composite
def period_rows(draw, apart=False):
    """Rows (key, from, until) of small numbers; `apart`: periods of a key do not meet and may end openly last."""
    rows = []
    for key in range(draw(st.integers(0, 3))):
        if apart:
            cuts = sorted(draw(st.sets(st.integers(0, 30), max_size=6)))
            rows += [(key, a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
        else:
            for start in draw(st.lists(st.integers(0, 28), max_size=4)):
                rows.append((key, start, draw(st.one_of(st.none(), st.integers(start + 1, 30)))))
    return rows


def frame(rows):
    return pl.DataFrame([(k, day(a), day(b)) for k, a, b in rows], schema=SCHEMA, orient="row")


def key_days(table):
    """The set of (key, day) that the rows of a frame hold, up to day 40."""
    held = set()
    for key, start, end in table.select("key", "from_on", "until_on").iter_rows():
        last = end or day(40)
        held |= {(key, start + timedelta(n)) for n in range((last - start).days)}
    return held


@given(st.integers(-(10**18), 10**18), st.integers(1, 10**9))
def test_halves_go_away_from_zero(top, bottom):
    expected = int((Decimal(top) / bottom).quantize(Decimal(1), ROUND_HALF_UP)) if abs(top) < 10**12 else None
    exact = (2 * abs(top) + bottom) // (2 * bottom) * (1 if top >= 0 else -1)

    found = pl.select(tables.half_up(pl.lit(top), bottom)).item()

    assert found == exact
    assert expected is None or found == expected


def test_a_column_divides_too():
    rows = pl.DataFrame({"top": [7, -7], "bottom": [2, 2]})

    assert rows.select(tables.half_up(pl.col("top"), pl.col("bottom")))["top"].to_list() == [4, -4]


def test_a_product_does_not_overflow():
    rows = pl.DataFrame({"wh": [9 * 10**18], "rate": [10**9]})

    product = rows.select(tables.half_up(tables.wide("wh") * tables.wide("rate"), 10**9)).item()

    assert product == 9 * 10**18


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(-(10**12), 10**12)), max_size=30))
def test_running_sums_totals_and_places_are_those_of_each_run(pairs):
    pairs = sorted(pairs, key=lambda pair: pair[0])
    rows = pl.DataFrame(pairs, schema={"key": pl.Int64, "value": pl.Int64}, orient="row")

    found = rows.with_columns(first=tables.starts("key")).with_columns(
        running=tables.running(pl.col("value"), first="first"),
        place=tables.place(first="first"),
        peak=tables.peak(pl.col("value"), first="first"),
    )
    found = found.with_columns(
        total=tables.at_end(pl.col("running"), first="first"), step=tables.since_last(pl.col("running"), first="first")
    )

    runs = [[value for _, value in run] for _, run in groupby(pairs, key=lambda pair: pair[0])]
    assert found["running"].to_list() == [total for run in runs for total in accumulate(run)]
    assert found["peak"].to_list() == [top for run in runs for top in accumulate(run, max)]
    assert found["place"].to_list() == [number for run in runs for number in range(1, len(run) + 1)]
    assert found["total"].to_list() == [sum(run) for run in runs for _ in run]
    assert found["step"].to_list() == [value for run in runs for value in run]


def test_a_null_key_makes_a_run_of_its_own():
    rows = pl.DataFrame({"key": [None, None, 1]}, schema={"key": pl.Int64})

    assert rows.select(tables.starts("key")).to_series().to_list() == [True, False, True]


@given(period_rows(), period_rows())
def test_an_overlap_holds_the_days_in_both(left, right):
    common = tables.overlap(frame(left), frame(right), on=["key"])

    assert key_days(common) == key_days(frame(left)) & key_days(frame(right))


@given(period_rows(apart=True), period_rows())
def test_uncovered_days_are_those_that_no_cover_holds(spans, covers):
    holes = tables.uncovered(frame(spans), frame(covers), on=["key"])

    assert key_days(holes) == key_days(frame(spans)) - key_days(frame(covers))
    assert holes.select(pl.struct("key", "from_on")).n_unique() == holes.height


@given(period_rows())
def test_elementary_periods_hold_all_days_and_no_border(rows):
    parts = tables.elementary(frame(rows), by=["key"])

    borders = {(key, border) for key, start, end in rows for border in (day(start), day(end)) if border}
    assert key_days(frame(rows)) <= key_days(parts)
    assert all((key, start) in borders for key, start, _ in parts.iter_rows())
    for key, start, end in parts.iter_rows():
        assert not any(k == key and start < border and (end is None or border < end) for k, border in borders)


@pytest.mark.parametrize(("day_text", "index"), [("2026-01-31", 2026 * 12 + 1), ("2025-12-01", 2025 * 12 + 12)])
def test_months_are_numbered_through(day_text, index):
    rows = pl.DataFrame({"on": [date.fromisoformat(day_text)]})

    assert rows.select(tables.month_index(pl.col("on"))).item() == index


def test_the_days_of_a_period_are_counted():
    assert frame([(1, 0, 31)]).select(tables.DAYS).item() == 31


def test_what_was_reckoned_of_few_rows_is_given_again_for_the_same_contents_and_terms_alone():
    reckoned = []

    @remembered
    def times(frame, *, by):
        reckoned.append(frame.height)
        return frame.with_columns(product=pl.col("n") * by)

    few, other = pl.DataFrame({"n": [1, 2]}), pl.DataFrame({"n": [1, 3]})
    typed, many = few.cast(pl.Int8), pl.DataFrame({"n": [1] * (FEW + 1)})
    asked = [(few, 2), (few.clone(), 2), (few, 3), (other, 2), (typed, 2), (many, 2), (many, 2)]

    for frame, by in asked:
        assert times(frame, by=by).equals(frame.with_columns(product=pl.col("n") * by))
        assert times(frame, by=by).schema == frame.with_columns(product=pl.col("n") * by).schema

    assert reckoned == [2, 2, 2, 2, *[FEW + 1] * 4]
