"""Working days: what the calendar does not cover is an error, never a guess."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svet.kernel.calendar import WorkingCalendar

MARCH = WorkingCalendar(
    frozenset(date(2026, 3, n) for n in (1, 7, 8, 9, 14, 15, 21, 22, 28, 29)), date(2026, 3, 1), date(2026, 3, 31)
)


@pytest.mark.parametrize(("day", "expected"), [(15, 16), (7, 10), (10, 10)])
def test_a_term_that_ends_on_a_day_off_ends_on_the_next_working_day(day, expected):
    assert MARCH.next_working(date(2026, 3, day)) == date(2026, 3, expected)


def test_the_day_of_the_event_is_not_counted():
    assert MARCH.add_working_days(date(2026, 3, 6), 1) == date(2026, 3, 10)
    assert MARCH.add_working_days(date(2026, 3, 6), 0) == date(2026, 3, 6)


@pytest.mark.parametrize("day", [date(2026, 2, 28), date(2026, 4, 1)])
def test_a_day_outside_the_calendar_is_an_error(day):
    with pytest.raises(ValueError, match="does not cover"):
        MARCH.is_working(day)


@given(st.integers(1, 5), st.integers(1, 12))
def test_between_the_days_lie_exactly_as_many_working_days(first, count):
    start = date(2026, 3, first)

    end = MARCH.add_working_days(start, count)

    assert sum(MARCH.is_working(start + timedelta(n)) for n in range(1, (end - start).days + 1)) == count
