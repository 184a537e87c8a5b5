"""A day in the hall on a real database: tickets, calls, races, breaks, closing, midnight."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from svet.domains.offices.rules import Audience
from svet.domains.visits import actions, queries
from svet.domains.visits.models import Ticket, TicketStep, VisitRating
from svet.domains.visits.rules import DeviceKind, Happened, RatedBy, Reason, State
from svet.domains.visits.tests import makers
from svet.domains.visits.tests.makers import NOON, OFFICE, OTHER_OFFICE, a_hall, a_ticket, minutes, serve, state
from svet.infra.clock import MOSCOW
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.kernel.period import Period


@pytest.fixture
def operator(db) -> int:
    return a_hall()[0]


def test_a_day_has_its_numbers_without_gaps_by_service_and_a_repeated_request_makes_no_second(operator):
    key = uuid.uuid4().hex
    first, again = a_ticket(key=key), a_ticket(key=key, at=NOON + minutes(1))
    with pytest.raises(NotFound, match="no_such_privilege"):
        a_ticket(privilege="czar")

    labels = [first.label, *(a_ticket(series).label for series in ("charges", "readings", "charges"))]
    assert labels == ["Н001", "Н002", "П001", "Н003"]
    assert again == first
    assert Ticket.objects.count() == 4


def test_a_visit_from_ticket_to_end_tells_its_story(operator):
    ticket = a_ticket()
    called = actions.call_next(operator, at=NOON + minutes(4))
    actions.recall(operator, at=NOON + minutes(5))
    actions.begin(operator, contact_id=None, at=NOON + minutes(5))
    actions.finish(operator, at=NOON + minutes(17))

    assert (called.label, called.window, called.call_reason) == (ticket.label, 1, Reason.IN_TURN)
    assert makers.happenings(ticket) == [
        Happened.ISSUED,
        Happened.CALLED,
        Happened.RECALLED,
        Happened.BEGUN,
        Happened.FINISHED,
    ]
    assert state(ticket) == State.SERVED
    with pytest.raises(DatabaseError), transaction.atomic():
        TicketStep.objects.all().delete()


def test_out_of_turn_goes_before_and_the_call_says_whom_it_passed_over(operator):
    a_ticket()
    first = a_ticket(at=NOON + minutes(2), privilege="disability")

    called = actions.call_next(operator, at=NOON + minutes(3))

    assert (called.label, called.call_reason) == (first.label, Reason.OUT_OF_TURN)
    assert queries.story(first.ticket_id)[-1].passed_over == 1


def test_a_window_has_one_visitor_and_one_operator(operator):
    a_ticket(), a_ticket()
    actions.call_next(operator, at=NOON)

    with pytest.raises(Conflict, match="finish_the_visitor_first"):
        actions.call_next(operator, at=NOON)
    other = makers.seated(2)
    window = queries.duty_of(operator).window_id
    actions.leave(other, at=NOON)
    with pytest.raises(Conflict, match="window_is_taken"):
        actions.sit_down(window, operator_id=other, at=NOON)
    with pytest.raises(Conflict, match="not_at_a_window"):
        actions.call_next(other, at=NOON)


def test_who_fills_in_a_form_returns_to_the_head(operator):
    held = a_ticket()
    actions.call_next(operator, at=NOON)
    actions.begin(operator, contact_id=None, at=NOON)
    actions.hold(operator, at=NOON + minutes(2))
    others = [a_ticket(at=NOON + minutes(n)) for n in (3, 4)]

    assert serve(operator, at=NOON + minutes(5)) == others[0].label
    actions.come_back(held.follow_code, at=NOON + minutes(9))
    assert serve(operator, at=NOON + minutes(10)) == held.label
    assert serve(operator, at=NOON + minutes(15)) == others[1].label


def test_a_transfer_keeps_the_time_and_goes_only_to_its_window(operator):
    second = makers.seated(2)
    moved = a_ticket()
    actions.call_next(operator, at=NOON)
    actions.begin(operator, contact_id=None, at=NOON)
    later = a_ticket("contract", at=NOON + minutes(1))
    actions.transfer(operator, series="contract", window=2, at=NOON + minutes(5), note="нужен договор")

    assert serve(operator, at=NOON + minutes(6)) == later.label
    assert serve(second, at=NOON + minutes(7)) == moved.label
    with pytest.raises(Conflict, match="nobody_is_served"):
        actions.transfer(operator, series="contract", at=NOON + minutes(8))


def test_who_did_not_come_may_return_once_and_not_long_after(operator):
    missed = a_ticket()
    actions.call_next(operator, at=NOON)
    actions.miss(operator, at=NOON + minutes(2))
    actions.come_back(missed.follow_code, at=NOON + minutes(10))
    assert actions.call_next(operator, at=NOON + minutes(11)).label == missed.label
    actions.miss(operator, at=NOON + minutes(13))

    with pytest.raises(Conflict, match="too_late_to_come_back"):
        actions.come_back(missed.follow_code, at=NOON + minutes(14))
    late = a_ticket()
    actions.call_next(operator, at=NOON + minutes(20))
    actions.miss(operator, at=NOON + minutes(21))
    with pytest.raises(Conflict, match="too_late_to_come_back"):
        actions.come_back(late.follow_code, at=NOON + minutes(37))


def test_a_given_back_ticket_is_not_called(operator):
    ticket = a_ticket()
    actions.give_back(ticket.follow_code, at=NOON + minutes(1))

    assert actions.call_next(operator, at=NOON + minutes(2)) is None
    with pytest.raises(Conflict, match="ticket_is_over"):
        actions.give_back(ticket.follow_code, at=NOON + minutes(3))


def test_a_supervisor_puts_first_with_a_reason_and_frees_a_left_window(operator):
    a_ticket()
    urgent = a_ticket(at=NOON + minutes(1))
    with pytest.raises(DomainError, match="hall_reason_is_needed"):
        actions.put_first(urgent.ticket_id, office_code=OFFICE, why=" ", by=operator, at=NOON)
    actions.put_first(urgent.ticket_id, office_code=OFFICE, why="стало плохо", by=operator, at=NOON + minutes(2))

    called = actions.call_next(operator, at=NOON + minutes(3))
    assert (called.label, called.call_reason) == (urgent.label, Reason.BY_HAND)
    window = queries.duty_of(operator).window_id
    actions.send_away(window, office_code=OFFICE, why="ушёл домой", by=operator, at=NOON + minutes(9))
    assert state(urgent) == State.WAITING
    assert queries.duty_of(operator) is None
    other = makers.seated(2, at=NOON + minutes(9))
    assert actions.call_next(other, at=NOON + minutes(10)).label == urgent.label


def test_a_window_serves_only_what_was_chosen_and_pauses(operator):
    actions.change_services(operator, ["readings"], at=NOON)
    a_ticket("charges")
    assert actions.call_next(operator, at=NOON) is None
    actions.pause(operator, why="обед", at=NOON)
    with pytest.raises(Conflict, match="window_is_paused"):
        actions.call_next(operator, at=NOON)
    actions.resume(operator, at=NOON + minutes(30))
    actions.change_services(operator, ["readings", "charges"], at=NOON + minutes(30))
    assert actions.call_next(operator, at=NOON + minutes(30)).label == "Н001"


def test_a_supervisor_says_what_a_window_serves_and_who_sits_there_keeps_to_it(operator):
    window = queries.duty_of(operator).window_id
    told = {"office_code": OFFICE, "why": "касса в ремонте", "at": NOON}
    a_ticket("charges")
    actions.change_window(window, ["readings", "contract"], **told)
    assert actions.call_next(operator, at=NOON) is None
    actions.change_services(operator, ["charges", "contract"], at=NOON)
    assert queries.duty_of(operator).series == ("contract",)
    actions.change_window(window, ["readings"], **told)
    assert queries.duty_of(operator).series == ("readings",)
    with pytest.raises(NotFound, match="no_such_series"):
        actions.change_window(window, ["nonsense"], **told)
    with pytest.raises(NotFound, match="no_such_window"):
        actions.change_window(window, [], **{**told, "office_code": OTHER_OFFICE})
    with pytest.raises(DomainError, match="hall_reason_is_needed"):
        actions.change_window(window, [], **{**told, "why": " "})
    actions.change_window(window, [], **told)
    actions.change_services(operator, [], at=NOON)
    assert actions.call_next(operator, at=NOON).label == "Н001"


@pytest.mark.parametrize(
    ("moment", "audience", "refused"),
    [
        (datetime(2026, 11, 18, 7, 59, tzinfo=MOSCOW), Audience.INDIVIDUALS, "office_is_closed"),
        (datetime(2026, 11, 18, 17, 46, tzinfo=MOSCOW), Audience.INDIVIDUALS, "no_time_before_closing"),
        (datetime(2026, 11, 18, 18, 0, tzinfo=MOSCOW), Audience.INDIVIDUALS, "office_is_closed"),
        (datetime(2026, 11, 18, 8, 10, tzinfo=MOSCOW), Audience.LEGAL_ENTITIES, "office_is_closed"),
        (datetime(2026, 11, 22, 12, 0, tzinfo=MOSCOW), Audience.INDIVIDUALS, "office_is_closed"),
        (datetime(2026, 11, 4, 12, 0, tzinfo=MOSCOW), Audience.INDIVIDUALS, "office_is_closed"),
        (datetime(2026, 11, 3, 16, 50, tzinfo=MOSCOW), Audience.INDIVIDUALS, "no_time_before_closing"),
    ],
    ids=["before_opening", "last_minutes", "at_closing", "companies_later", "sunday", "holiday", "before_a_holiday"],
)
def test_no_ticket_outside_the_hours_of_its_visitor(operator, moment, audience, refused):
    with pytest.raises(Conflict, match=refused):
        a_ticket("contract", at=moment, audience=audience)
    assert not Ticket.objects.exists()


def test_a_service_is_for_its_customers_and_can_be_closed_for_a_while(operator):
    with pytest.raises(DomainError, match="service_is_for_others"):
        a_ticket("company")
    today = Period(NOON.date(), NOON.date() + timedelta(days=1))
    closing = actions.close_service(OFFICE, "payments", days=today, why="касса на ремонте", at=NOON)
    with pytest.raises(Conflict, match="service_is_closed_then"):
        actions.close_service(OFFICE, "payments", days=Period(NOON.date(), None), why="и ещё", at=NOON)
    with pytest.raises(DomainError, match="closing_is_past"):
        actions.close_service(OFFICE, "payments", days=today, why="вчера", at=NOON + timedelta(days=1))
    with pytest.raises(Conflict, match="service_is_closed"):
        a_ticket("payments")
    assert a_ticket("payments", office=OTHER_OFFICE).label == "К001"
    actions.reopen_service(closing, office_code=OTHER_OFFICE, at=NOON)
    assert [one.closing_id for one in queries.closings_of(OFFICE, since=NOON.date())] == [closing]
    actions.reopen_service(closing, office_code=OFFICE, at=NOON)
    assert a_ticket("payments").label == "К001"


def test_the_day_ends_at_midnight_and_the_next_one_begins_with_one(operator):
    evening = datetime(2026, 11, 18, 17, 30, tzinfo=MOSCOW)
    left = a_ticket(at=evening)
    assert actions.end_days(at=evening + timedelta(hours=6)) == 0
    assert actions.end_days(at=evening + timedelta(hours=7)) == 1

    assert state(left) == State.EXPIRED
    assert queries.duty_of(operator) is None
    assert a_ticket(at=evening + timedelta(hours=16)).label == "Н001"


def test_the_forecast_counts_windows_and_those_before_and_its_error_is_measured(operator):
    labels = [a_ticket("readings", at=NOON + minutes(n / 10)) for n in range(4)]
    assert [round((t.expected_at - NOON) / minutes(1)) for t in labels] == [0, 5, 10, 15]
    makers.seated(2, at=NOON)
    assert round(queries.waits(OFFICE, at=NOON + minutes(1))["readings"] / minutes(1)) == 10
    actions.change_services(operator, ["charges"], at=NOON)
    assert queries.waits(OTHER_OFFICE, at=NOON)["readings"] is None

    for ticket in labels:
        assert serve(operator, at=ticket.expected_at + minutes(3)) is None
    other = queries.windows(OFFICE)[1].operator_id
    for ticket in labels:
        serve(other, at=ticket.expected_at + minutes(4), takes=minutes(1))
    actions.count_paces(at=NOON)
    told = queries.accuracy(OFFICE)
    assert (told.half, told.tickets) == (minutes(4), 4)


def test_the_forecast_learns_how_long_services_take_here(operator):
    for place in range(20):
        a_ticket("readings", at=NOON + minutes(10 * place / 20))
    for place in range(20):
        assert serve(operator, at=NOON + minutes(10 + 2 * place), takes=minutes(2))
    assert queries.waits(OFFICE, at=NOON + minutes(60))["readings"] == minutes(0)
    actions.count_paces(at=NOON)
    one, two = (a_ticket("readings", at=NOON + minutes(60)) for _ in range(2))

    assert two.expected_at - one.expected_at == minutes(2)
    elsewhere = makers.seated(1, office=OTHER_OFFICE)
    assert elsewhere
    a_ticket("readings", at=NOON, office=OTHER_OFFICE)
    assert queries.waits(OTHER_OFFICE, at=NOON)["readings"] == minutes(2)


def test_a_visit_is_rated_once_after_it_ended_and_counts_in_the_report(operator):
    ticket = a_ticket()
    with pytest.raises(Conflict, match="visit_is_not_over"):
        actions.rate_visit(ticket.follow_code, score=5, comment="", at=NOON)
    serve(operator, at=NOON + minutes(3))
    with pytest.raises(DomainError, match="visit_score_is_wrong"):
        actions.rate_visit(ticket.follow_code, score=6, comment="", at=NOON + minutes(9))
    actions.rate_visit(ticket.follow_code, score=4, comment=" быстро ", at=NOON + minutes(9))
    with pytest.raises(Conflict, match="visit_is_rated"):
        actions.rate_visit(ticket.follow_code, score=1, comment="", at=NOON + minutes(10))

    a_ticket()
    day = {"since": NOON.date(), "until": NOON.date(), "target": minutes(2)}
    ((office,), (service,)) = queries.wait_figures(**day)
    assert (office.visits, office.served, office.wait, office.within_target) == (2, 1, minutes(3), 0)
    assert (office.score, office.ratings, service.takes) == (4, 1, minutes(5))
    assert queries.ticket_by_code(ticket.follow_code).score == 4


def a_tablet(number=1) -> queries.DeviceView:
    secret = actions.make_device(OFFICE, DeviceKind.TABLET, name="у окна", at=NOON, window=number)
    return queries.device(DeviceKind.TABLET, secret)


def tap(tablet, ticket, score=5, *, at) -> None:
    actions.rate_at_window(ticket.ticket_id, office_code=OFFICE, window_id=tablet.window_id, score=score, at=at)


def test_a_tablet_asks_of_the_visit_that_ended_at_its_window_and_of_no_other(operator):
    makers.seated(2)
    here, there = a_tablet(1), a_tablet(2)
    ticket, following = a_ticket(), a_ticket(at=NOON + minutes(1))
    actions.call_next(operator, at=NOON + minutes(2))
    actions.begin(operator, contact_id=None, at=NOON + minutes(2))
    assert queries.asked_at_window(here.window_id, at=NOON + minutes(3)) is None
    actions.finish(operator, at=NOON + minutes(4))

    asked = queries.asked_at_window(here.window_id, at=NOON + minutes(4.5))
    assert (asked.ticket_id, asked.label) == (ticket.ticket_id, ticket.label)
    assert queries.asked_at_window(there.window_id, at=NOON + minutes(4.5)) is None
    assert queries.asked_at_window(here.window_id, at=NOON + minutes(5.5)) is None
    with pytest.raises(NotFound, match="no_such_ticket"):
        tap(there, ticket, at=NOON + minutes(4.5))
    with pytest.raises(DomainError, match="visit_score_is_wrong"):
        tap(here, ticket, 0, at=NOON + minutes(4.5))
    tap(here, ticket, 2, at=NOON + minutes(4.5))
    for again in (tap, lambda *_, at: actions.rate_visit(ticket.follow_code, score=5, comment="", at=at)):
        with pytest.raises(Conflict, match="visit_is_rated"):
            again(here, ticket, at=NOON + minutes(4.6))
    assert queries.asked_at_window(here.window_id, at=NOON + minutes(4.6)) is None
    rating = VisitRating.objects.get()
    assert (rating.ticket_id, rating.score, rating.way) == (ticket.ticket_id, 2, RatedBy.TABLET)
    with pytest.raises(NotFound, match="no_such_ticket"):
        tap(here, following, at=NOON + minutes(5))


def test_the_next_visitor_finds_no_question_and_a_tap_held_back_by_the_network_comes_later(operator):
    tablet, first, second = a_tablet(), a_ticket(), a_ticket(at=NOON + minutes(1))
    serve(operator, at=NOON + minutes(2), takes=minutes(1))
    actions.call_next(operator, at=NOON + minutes(3))
    assert queries.asked_at_window(tablet.window_id, at=NOON + minutes(3.2)).label == first.label
    actions.begin(operator, contact_id=None, at=NOON + minutes(3.3))
    assert queries.asked_at_window(tablet.window_id, at=NOON + minutes(3.4)) is None
    actions.hold(operator, at=NOON + minutes(3.5))
    assert queries.asked_at_window(tablet.window_id, at=NOON + minutes(3.6)) is None

    tap(tablet, first, at=NOON + minutes(17))
    with pytest.raises(Conflict, match="visit_is_not_over"):
        tap(tablet, second, at=NOON + minutes(17))
    third = a_ticket(at=NOON + minutes(20))
    serve(operator, at=NOON + minutes(20))
    with pytest.raises(Conflict, match="visit_is_not_over"):
        tap(tablet, third, at=NOON + minutes(41))


def test_a_tablet_stands_at_one_window_and_a_new_one_ends_the_old(operator):
    for number in (None, 9):
        with pytest.raises(DomainError, match="tablet_needs_a_window"):
            a_tablet(number)
    old = a_tablet()
    assert (old.window, old.kind) == (1, DeviceKind.TABLET)
    a_tablet()
    assert len(queries.devices(OFFICE)) == 1
    board = actions.make_device(OFFICE, DeviceKind.BOARD, name="в зале", at=NOON, window=1)
    assert queries.device(DeviceKind.BOARD, board).window is None
    with pytest.raises(NotFound, match="no_such_device"):
        queries.device(DeviceKind.TABLET, board)


def test_a_board_sees_each_call_and_a_version_that_grows_only_in_its_office(operator):
    a_ticket()
    before = queries.version(OFFICE)
    a_ticket(office=OTHER_OFFICE)
    assert queries.version(OFFICE) == before
    actions.call_next(operator, at=NOON)
    actions.recall(operator, at=NOON + minutes(1))

    (call,) = queries.board_calls(OFFICE, day=NOON.date())
    assert (call.label, call.window, call.again) == ("Н001", 1, 2)
    assert queries.version(OFFICE) > before


@pytest.mark.django_db(transaction=True)
def test_windows_that_call_at_once_call_different_visitors():
    operators = a_hall(operators=4)
    waiting = [a_ticket(at=NOON + minutes(n)).label for n in range(4)]

    def call(operator_id):
        try:
            return actions.call_next(operator_id, at=NOON + minutes(9)).label
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        called = list(pool.map(call, operators))
    assert sorted(called) == waiting


@pytest.mark.django_db(transaction=True)
def test_kiosks_that_ask_at_once_get_numbers_without_gaps_and_one_for_a_repeated_request():
    a_hall()
    keys = [uuid.uuid4().hex for _ in range(6)] * 2

    def take(key):
        try:
            return a_ticket(key=key).label
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        got = list(pool.map(take, keys))
    assert sorted(set(got)) == [f"Н{n:03d}" for n in range(1, 7)]
    assert Ticket.objects.count() == 6
