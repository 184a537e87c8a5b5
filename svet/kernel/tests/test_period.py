"""Periods are half-open days; months are the settlement periods."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svet.kernel.period import Month, Period, gaps

days = st.dates(date(2020, 1, 1), date(2020, 3, 31))


@st.composite
def periods(draw, open_ended=True):
    start = draw(days)
    length = draw(st.integers(1, 40))
    return Period(start, None if open_ended and draw(st.booleans()) else start + timedelta(length))


def inside(period):
    """The days of a period within the window of the strategies."""
    return {date(2019, 12, 1) + timedelta(n) for n in range(240) if date(2019, 12, 1) + timedelta(n) in period}


def test_a_period_holds_its_first_day_and_not_its_end():
    march = Period(date(2026, 3, 1), date(2026, 4, 1))

    assert date(2026, 3, 1) in march
    assert date(2026, 4, 1) not in march
    assert march.last_on == date(2026, 3, 31)
    assert march.days == 31


@pytest.mark.parametrize("end", [date(2026, 3, 1), date(2026, 2, 28)])
def test_a_period_without_a_day_does_not_exist(end):
    with pytest.raises(ValueError, match="at least one day"):
        Period(date(2026, 3, 1), end)


def test_a_period_without_end_goes_on_and_has_no_length():
    period = Period(date(2026, 3, 1))

    assert date(9999, 1, 1) in period
    assert period.last_on is None
    with pytest.raises(ValueError, match="without end"):
        _ = period.days


@given(periods(), periods())
def test_an_overlap_is_exactly_the_common_days(one, other):
    common = one.overlap(other)

    assert (inside(common) if common else set()) == inside(one) & inside(other)


@given(periods(), st.lists(days, max_size=5))
def test_parts_of_a_period_are_the_period_again(period, cuts):
    parts = period.split_at(cuts)

    assert parts[0].start == period.start
    assert parts[-1].end == period.end
    assert all(left.end == right.start for left, right in pairwise(parts))
    assert {part.start for part in parts} - {period.start} == {
        cut for cut in cuts if cut in period and cut != period.start
    }


@given(periods(), st.lists(periods(), max_size=5))
def test_gaps_are_exactly_the_days_that_nothing_covers(period, covers):
    holes = gaps(period, covers)

    covered = set().union(*(inside(cover) for cover in covers))
    assert set().union(*(inside(hole) for hole in holes)) == inside(period) - covered
    assert holes == sorted(holes)


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "26-01", "2026-1", "0026-01", "2026-01\n", ""])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError, match="not a month"):
        Month(text)


@given(st.dates(date(1900, 1, 1), date(2900, 1, 1)), st.integers(-500, 500))
def test_months_are_counted_there_and_back(day, count):
    month = Month.of(day)

    assert day in month.period
    assert month.plus(count).plus(-count) == month
    assert month.next.previous == month


def test_february_ends_when_its_year_says():
    assert Month("2028-02").last_on == date(2028, 2, 29)
    assert Month("2026-02").days == 28
    assert str(Month("2026-02")) == "2026-02"
