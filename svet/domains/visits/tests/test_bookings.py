"""Bookings: the times of a day, the last place, coming early and late, forgetting."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection

from svet.domains.offices import actions as office_actions
from svet.domains.offices import queries as office_reads
from svet.domains.offices.rules import Audience
from svet.domains.offices.rules.opening import Exceptional
from svet.domains.visits import actions, queries
from svet.domains.visits.models import Booking
from svet.domains.visits.rules import Reason
from svet.domains.visits.rules.slots import REMINDED_BEFORE
from svet.domains.visits.tests import makers
from svet.domains.visits.tests.makers import (
    NOON,
    OFFICE,
    OTHER_OFFICE,
    a_booking,
    a_hall,
    a_ticket,
    came,
    minutes,
)
from svet.infra.clock import MOSCOW
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.kernel.period import Period

DAY_BEFORE = NOON - timedelta(days=1)


@pytest.fixture
def operator(db) -> int:
    return a_hall()[0]


def times(day: date, *, at=DAY_BEFORE, series="charges", audience=Audience.INDIVIDUALS) -> list[str]:
    slots = queries.day_slots(OFFICE, series, audience, day=day, at=at)
    return [f"{one.starts_at:%H:%M}" for one in slots if one.free]


def test_times_follow_the_hours_of_the_day_and_of_the_audience(operator):
    wednesday = NOON.date()
    assert times(wednesday)[:2] + times(wednesday)[-1:] == ["08:00", "08:20", "17:40"]
    assert times(wednesday, series="company", audience=Audience.LEGAL_ENTITIES)[0] == "08:30"
    assert times(wednesday, at=NOON)[0] == "12:40"
    assert times(date(2026, 11, 22)) == []
    assert times(date(2026, 12, 9)) == []
    assert times(date(2026, 11, 10)) == []
    with pytest.raises(NotFound, match="no_such_series"):
        times(wednesday, series="payments")


def test_a_place_goes_once_a_repeated_request_books_nothing_twice_and_a_cancelled_time_is_free(operator):
    key = uuid.uuid4().hex
    first = a_booking(NOON, key=key)
    assert a_booking(NOON, key=key) == first
    with pytest.raises(Conflict, match="time_is_taken"):
        a_booking(NOON, phone="+79000000002")
    assert "12:00" not in times(NOON.date())
    actions.cancel_booking(first.code, at=DAY_BEFORE)

    assert a_booking(NOON, phone="+79000000002").code != first.code
    with pytest.raises(Conflict, match="booking_is_over"):
        actions.cancel_booking(first.code, at=DAY_BEFORE)


@pytest.mark.parametrize("minute", [1, 45], ids=["between_times", "another_step"])
def test_a_time_that_is_not_offered_is_refused(operator, minute):
    with pytest.raises(Conflict, match="time_is_taken"):
        a_booking(NOON + minutes(minute))


def test_a_booking_needs_a_name_and_a_contact_and_nobody_takes_all_times(operator):
    with pytest.raises(DomainError, match="contact_is_needed"):
        a_booking(NOON, phone="")
    for place in range(3):
        a_booking(NOON + minutes(20 * place))
    with pytest.raises(Conflict, match="too_many_bookings"):
        a_booking(NOON + minutes(80))


def test_who_comes_in_time_waits_from_his_time_before_walk_ins(operator):
    booking = a_booking(NOON)
    with pytest.raises(Conflict, match="too_early_for_booking"):
        came(booking, at=NOON - minutes(31))
    with pytest.raises(Conflict, match="booking_elsewhere"):
        actions.check_in(booking.code, office_code=OTHER_OFFICE, at=NOON, key=uuid.uuid4().hex)
    walked_in = a_ticket(at=NOON - minutes(20))
    ticket = came(booking, at=NOON - minutes(10))
    assert came(booking, at=NOON - minutes(9)) == ticket

    called = actions.call_next(operator, at=NOON)
    assert (called.label, called.call_reason) == (ticket.label, Reason.BOOKED)
    assert queries.hall_line(OFFICE, day=NOON.date())[0].label == walked_in.label


def test_who_comes_too_late_waits_as_everybody_from_his_coming(operator):
    booking = a_booking(NOON)
    ticket = came(booking, at=NOON + minutes(16))

    assert (ticket.booked, ticket.counts_from) == (False, NOON + minutes(16))
    with pytest.raises(Conflict, match="booking_is_over"):
        came(a_booking(NOON + minutes(20)), at=NOON + timedelta(days=1))


def test_who_is_reminded_and_when_a_booking_is_forgotten(operator):
    booking = a_booking(NOON)
    ahead = {"ahead": timedelta(hours=20)}
    assert queries.to_remind(at=DAY_BEFORE, **ahead) == []
    assert [one.code for one in queries.to_remind(at=NOON - timedelta(hours=19), **ahead)] == [booking.code]
    actions.note_reminded([booking.booking_id], at=NOON - timedelta(hours=19))
    assert queries.to_remind(at=NOON - timedelta(hours=19), **ahead) == []

    assert actions.forget_bookings(at=NOON + timedelta(days=59)) == 0
    assert actions.forget_bookings(at=NOON + timedelta(days=61)) == 1
    row = Booking.objects.get()
    assert (row.name, row.phone, row.email) == ("", "", "")


def test_who_books_within_hours_of_his_time_is_not_told_twice(operator):
    a_booking(NOON, at=NOON - timedelta(hours=19))
    moved = a_booking(NOON + timedelta(days=3), phone="+79000000002")
    assert queries.to_remind(at=NOON - timedelta(hours=1), ahead=REMINDED_BEFORE) == []
    actions.move_booking(moved.code, starts_at=NOON + minutes(20), at=NOON - timedelta(hours=4))
    assert queries.to_remind(at=NOON - timedelta(hours=1), ahead=REMINDED_BEFORE) == []


def test_a_booking_moves_to_another_office_and_service_and_frees_its_place(operator):
    booking = a_booking(NOON)
    makers.seated(1, office=OTHER_OFFICE)
    taken = {"starts_at": NOON, "at": DAY_BEFORE, "office_code": OTHER_OFFICE}
    moved = actions.move_booking(booking.code, series="contract", **taken)

    assert (moved.office_code, moved.series, moved.code) == (OTHER_OFFICE, "contract", booking.code)
    other = a_booking(NOON, phone="+79000000002")
    with pytest.raises(Conflict, match="time_is_taken"):
        actions.move_booking(other.code, series="contract", **taken)
    for wrong, refused in (({"series": "payments"}, "no_such_series"), ({"office_code": "none"}, "no_such_office")):
        with pytest.raises(NotFound, match=refused):
            actions.move_booking(other.code, **{**taken, **wrong})
    assert queries.booking(other.code) == other
    assert queries.booking(moved.code) == moved


def closed(first_on: date, *, at=DAY_BEFORE, reason="ремонт", **hours) -> int:
    office = office_reads.office(OFFICE).office_id
    wanted = Exceptional(first_on, first_on, office_id=office, reason=reason, **hours)
    return office_actions.add_exception(wanted, by=1, at=at)


def test_closed_hours_displace_bookings_once_and_whoever_fits_again_stands(operator):
    morning, noon, other_day = (a_booking(NOON + timedelta(minutes=60 * n)) for n in (-3, 0, 24))
    exception = closed(NOON.date(), opens_at=time(12), closes_at=time(15))

    assert actions.displace_bookings(at=DAY_BEFORE) == 1
    assert actions.displace_bookings(at=DAY_BEFORE) == 0
    assert queries.booking(morning.code).displaced_why == "ремонт"
    assert not queries.booking(noon.code).displaced_why
    assert not queries.booking(other_day.code).displaced_why
    assert [one.code for one in queries.to_remind(at=NOON - timedelta(hours=6), ahead=REMINDED_BEFORE)] == [noon.code]
    office_actions.withdraw_exception(exception, reason="закончили раньше", by=1, at=DAY_BEFORE)
    assert actions.displace_bookings(at=DAY_BEFORE) == 1
    assert not queries.booking(morning.code).displaced_why
    assert actions.displace_bookings(at=NOON + timedelta(days=2)) == 0


def test_a_service_closed_for_days_displaces_its_bookings_of_these_days_alone(operator):
    noon, next_day = a_booking(NOON), a_booking(NOON + timedelta(days=1))
    other = a_booking(NOON, series="contract")
    days = Period(NOON.date(), NOON.date() + timedelta(days=1))
    closing = actions.close_service(OFFICE, "charges", days=days, why="обучение", at=DAY_BEFORE)

    assert actions.displace_bookings(at=DAY_BEFORE) == 1
    assert "не оказываем: обучение" in queries.booking(noon.code).displaced_why
    assert not queries.booking(next_day.code).displaced_why
    assert not queries.booking(other.code).displaced_why
    assert times(NOON.date()) == []
    assert times(NOON.date() + timedelta(days=1))
    actions.reopen_service(closing, office_code=OFFICE, at=DAY_BEFORE)
    assert actions.displace_bookings(at=DAY_BEFORE) == 1
    assert not queries.booking(noon.code).displaced_why


def test_a_service_closed_until_further_notice_displaces_today_and_tomorrow(operator):
    tomorrow, later = a_booking(NOON), a_booking(NOON + timedelta(days=1))
    today = Period(DAY_BEFORE.date(), None)
    actions.close_service(OFFICE, "charges", days=today, why="авария", at=DAY_BEFORE)

    assert actions.displace_bookings(at=DAY_BEFORE) == 1
    assert queries.booking(tomorrow.code).displaced_why
    assert not queries.booking(later.code).displaced_why


def test_a_displaced_booking_moved_to_open_hours_stands(operator):
    booking = a_booking(NOON)
    closed(NOON.date())
    actions.displace_bookings(at=DAY_BEFORE)
    with pytest.raises(Conflict, match="time_is_taken"):
        actions.move_booking(booking.code, starts_at=NOON + minutes(20), at=DAY_BEFORE)
    moved = actions.move_booking(booking.code, starts_at=NOON + timedelta(days=1), at=DAY_BEFORE)
    assert not moved.displaced_why
    assert actions.displace_bookings(at=DAY_BEFORE) == 0


@pytest.mark.django_db(transaction=True)
def test_the_last_place_goes_to_who_books_it_or_to_who_moves_there():
    a_hall()
    nine = datetime(2026, 11, 18, 9, tzinfo=MOSCOW)
    codes = [a_booking(nine + minutes(20 * n), phone=f"+7900000002{n}").code for n in (1, 2)]

    def take(code):
        try:
            if code:
                return actions.move_booking(code, starts_at=nine, at=DAY_BEFORE).code
            return a_booking(nine, phone="+79000000030").code
        except Conflict as conflict:
            return conflict.code
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        got = list(pool.map(take, [*codes, None]))
    assert got.count("time_is_taken") == 2
    assert Booking.objects.filter(starts_at=nine).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_last_place_goes_to_one_of_many():
    a_hall()

    def take(number):
        try:
            return a_booking(datetime(2026, 11, 18, 9, tzinfo=MOSCOW), phone=f"+7900000001{number}").code
        except Conflict as conflict:
            return conflict.code
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        got = list(pool.map(take, range(5)))
    assert got.count("time_is_taken") == 4
    assert Booking.objects.count() == 1
