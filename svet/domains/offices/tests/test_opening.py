"""When offices are open: breaks, holidays, the day before one, worked weekends, exceptions, ends of days and years."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from svet.domains.offices.rules import Audience
from svet.domains.offices.rules.hours import DayHours
from svet.domains.offices.rules.opening import Exceptional, ProductionCalendar, Timetable, Why, differing

MOSCOW = ZoneInfo("Europe/Moscow")
PEOPLE, FIRMS = Audience.INDIVIDUALS, Audience.LEGAL_ENTITIES
WEEK = (*(DayHours(day, time(8), time(17), time(12), time(13)) for day in range(1, 6)), DayHours(6, time(10), time(15)))
WEEKENDS = {date(2026, 11, day): "" for day in (1, 7, 8, 14, 15, 21, 22, 28, 29)}
CALENDAR = ProductionCalendar(
    {**WEEKENDS, date(2026, 11, 4): "День народного единства", date(2026, 11, 13): "Выходной, перенесённый с 03.01"},
    frozenset({2026}),
)


def office(*exceptions: Exceptional, calendar: ProductionCalendar = CALENDAR) -> Timetable:
    return Timetable(7, {PEOPLE: WEEK, FIRMS: WEEK[:5]}, exceptions, calendar)


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("moment", "is_open", "then"),
    [
        (at(18, 7, 59, 59), False, at(18, 8)),
        (at(18, 8), True, at(18, 12)),
        (at(18, 11, 59, 59), True, at(18, 12)),
        (at(18, 12), False, at(18, 13)),
        (at(18, 13), True, at(18, 17)),
        (at(18, 17), False, at(19, 8)),
        (at(18, 23, 59, 59), False, at(19, 8)),
        (at(19, 0), False, at(19, 8)),
        (at(21, 15), False, at(23, 8)),  # Saturday after closing: not before Monday
        (at(4, 10), False, at(5, 8)),  # a holiday on a Wednesday
        (at(12, 18), False, at(14, 10)),  # Friday is a transferred day off: Saturday opens first
    ],
)
def test_an_office_says_until_when_it_is_open_or_when_it_opens(moment, is_open, then):
    opening = office().at(moment, PEOPLE)

    assert (opening.is_open, opening.until or opening.opens_at) == (is_open, then)


def test_a_break_is_told_apart_from_the_end_of_the_day():
    timetable = office()

    assert timetable.at(at(18, 9), PEOPLE).is_break
    assert timetable.at(at(18, 12, 30), PEOPLE).is_break
    assert not timetable.at(at(18, 16), PEOPLE).is_break
    assert not timetable.at(at(18, 18), PEOPLE).is_break


def test_whoever_is_not_served_never_finds_it_open():
    timetable = Timetable(7, {PEOPLE: WEEK}, (), CALENDAR)

    opening = timetable.at(at(18, 9), FIRMS)

    assert (opening.is_open, opening.opens_at, opening.plan.why) == (False, None, Why.NOT_SERVED)


def test_the_day_before_a_holiday_of_the_law_is_an_hour_shorter_and_before_a_moved_day_off_it_is_not():
    timetable = office()

    assert (timetable.plan(PEOPLE, date(2026, 11, 3)).closes_at, timetable.plan(PEOPLE, date(2026, 11, 3)).why) == (
        time(16),
        Why.BEFORE_HOLIDAY,
    )
    assert timetable.plan(PEOPLE, date(2026, 11, 12)).closes_at == time(17)


def test_a_weekend_that_is_worked_is_worked_like_a_friday_unless_the_week_has_hours_of_its_own():
    worked = ProductionCalendar({date(2026, 11, 8): ""}, frozenset({2026}))

    assert office(calendar=worked).plan(FIRMS, date(2026, 11, 7)).why is Why.WORKED_WEEKEND
    assert office(calendar=worked).plan(FIRMS, date(2026, 11, 7)).closes_at == time(17)
    assert office(calendar=worked).plan(PEOPLE, date(2026, 11, 7)).closes_at == time(15)
    assert office(calendar=worked).plan(FIRMS, date(2026, 11, 8)).why is Why.DAY_OFF


def test_holidays_of_the_law_hold_in_a_year_whose_calendar_is_not_out_and_its_weekends_stay_off():
    timetable = office(calendar=ProductionCalendar({}, frozenset()))

    new_year = [timetable.plan(PEOPLE, date(2030, 12, 31) + timedelta(days=ahead)) for ahead in range(10)]

    assert [plan.is_open for plan in new_year] == [True, *[False] * 8, True]
    assert new_year[0].why is Why.BEFORE_HOLIDAY
    assert timetable.plan(FIRMS, date(2030, 6, 15)).why is Why.DAY_OFF  # a Saturday


def test_after_the_last_evening_of_the_year_it_opens_when_the_holidays_are_over():
    timetable = office(calendar=ProductionCalendar({}, frozenset()))

    opening = timetable.at(datetime(2030, 12, 31, 20, tzinfo=MOSCOW), PEOPLE)

    assert opening.opens_at == datetime(2031, 1, 9, 8, tzinfo=MOSCOW)


def test_the_nearest_exception_decides_the_office_s_own_before_all_offices_and_an_audience_s_before_both():
    day = date(2026, 11, 18)
    everywhere = Exceptional(day, day, "санитарный день")
    here = Exceptional(day, day, "ремонт", office_id=7, opens_at=time(9), closes_at=time(11))
    for_firms = Exceptional(day, day, "учёба", office_id=7, audience=FIRMS)
    timetable = office(everywhere, here, for_firms)

    assert timetable.plan(PEOPLE, day).spans == ((time(9), time(11)),)
    assert (timetable.plan(FIRMS, day).is_open, timetable.plan(FIRMS, day).reason) == (False, "учёба")
    assert office(everywhere).plan(PEOPLE, day).reason == "санитарный день"


def test_an_exception_opens_an_office_on_a_holiday_too_and_ends_with_its_last_day():
    duty = Exceptional(date(2026, 11, 4), date(2026, 11, 4), "дежурим", opens_at=time(10), closes_at=time(12))

    assert office(duty).plan(PEOPLE, date(2026, 11, 4)).is_open
    assert office(duty).plan(PEOPLE, date(2026, 11, 5)).closes_at == time(17)
    days = [plan.day.day for plan in differing(office(duty), audience=PEOPLE, first_on=date(2026, 11, 1), days=14)]
    assert days == [3, 4, 13]


def test_a_long_repair_leaves_no_opening_in_sight():
    repair = Exceptional(date(2026, 11, 1), date(2027, 6, 1), "ремонт", office_id=7)

    opening = office(repair).at(at(18, 9), PEOPLE)

    assert (opening.is_open, opening.opens_at, opening.plan.reason) == (False, None, "ремонт")
