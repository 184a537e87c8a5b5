"""The order of calls by itself: who goes first, nobody starves, the forecast says what the order does."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from svet.domains.visits.rules import Reason
from svet.domains.visits.rules.forecast import Window, called_at
from svet.domains.visits.rules.order import Terms, Waiting, next_ticket
from svet.infra.clock import MOSCOW

NOON = datetime(2026, 11, 18, 12, tzinfo=MOSCOW)
TERMS = Terms(first_run=3, booked_run=2, patience=timedelta(minutes=20))


def at(minute: float) -> datetime:
    return NOON + timedelta(minutes=minute)


def one(number: int, since: float = 0, **more) -> Waiting:
    return Waiting(number, "A", at(since), **more)


def calls(waiting: list[Waiting], *, every: float = 5, since: float = 0) -> list[tuple[int, Reason]]:
    """Let one window call all of them."""
    left, recent, called, minute = {w.ticket_id: w for w in waiting}, [], [], since
    while left:
        choice = next_ticket(left.values(), recent=recent, at=at(minute), terms=TERMS)
        left.pop(choice.ticket_id)
        recent.append(choice.reason)
        called.append((choice.ticket_id, choice.reason))
        minute += every
    return called


def test_nobody_waits_nobody_is_called():
    assert next_ticket([], recent=[], at=NOON, terms=TERMS) is None


def test_out_of_turn_and_who_comes_back_go_first_and_take_turns():
    line = [one(1), one(2, 1, out_of_turn=True), one(3, 2, out_of_turn=True), one(4, 3, returned=True)]

    assert calls(line, since=4) == [
        (4, Reason.RETURNED),
        (2, Reason.OUT_OF_TURN),
        (3, Reason.OUT_OF_TURN),
        (1, Reason.IN_TURN),
    ]


def test_after_three_out_of_turn_somebody_who_waits_long_is_called_and_it_says_whom_it_passed_over():
    line = [one(1), one(2, 1), *(one(n, 20, out_of_turn=True) for n in range(10, 15))]

    assert calls(line, since=21) == [
        (10, Reason.OUT_OF_TURN),
        (11, Reason.OUT_OF_TURN),
        (12, Reason.OUT_OF_TURN),
        (1, Reason.WAITED_LONG),
        (13, Reason.OUT_OF_TURN),
        (14, Reason.OUT_OF_TURN),
        (2, Reason.IN_TURN),
    ]
    assert next_ticket(line, recent=[], at=at(21), terms=TERMS).passed_over == 2


def test_a_booking_whose_time_has_come_goes_before_walk_ins_but_two_at_most():
    line = [one(1, -9), *(one(n, -1, booked=True) for n in (7, 8, 9))]

    assert calls(line) == [(7, Reason.BOOKED), (8, Reason.BOOKED), (1, Reason.IN_TURN), (9, Reason.BOOKED)]


def test_a_booking_before_its_time_waits_unless_the_window_would_stand_idle():
    early = one(7, 30, booked=True)

    assert calls([early, one(1)]) == [(1, Reason.IN_TURN), (7, Reason.BOOKED_EARLY)]


LINES = st.lists(
    st.tuples(st.integers(0, 180), st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=40
).map(
    lambda rows: [
        one(number, since, out_of_turn=out, returned=back and not booked, booked=booked)
        for number, (since, out, back, booked) in enumerate(rows, 1)
    ]
)


@given(LINES, st.integers(0, 240))
def test_everybody_is_called_once_and_equals_keep_their_order(line, since):
    called = calls(line, since=since)

    assert sorted(number for number, _ in called) == sorted(w.ticket_id for w in line)
    plain = [w for w in line if not (w.is_first or w.booked)]
    order = [number for number, _ in called if number in {w.ticket_id for w in plain}]
    due_at_once = [w for w in sorted(plain, key=lambda w: w.turn) if w.counts_from <= at(since)]
    assert [n for n in order if n in {w.ticket_id for w in due_at_once}] == [w.ticket_id for w in due_at_once]


@given(st.integers(1, 12))
def test_nobody_starves_however_many_come_out_of_turn(ahead):
    """With out-of-turn visitors without end, whoever waits is called after four calls for each one ahead of him."""
    line = {n: one(n, -30) for n in range(1, ahead + 1)}
    recent = []
    for call in range(1, 4 * ahead + 1):
        endless = one(1000 + call, -1, out_of_turn=True)
        choice = next_ticket([*line.values(), endless], recent=recent, at=at(call), terms=TERMS)
        recent.append(choice.reason)
        line.pop(choice.ticket_id, None)
        if not line:
            break
    assert not line


@given(LINES, st.integers(1, 4))
def test_the_forecast_is_what_the_order_does(line, windows):
    """Played through by hand with everybody served in exactly the mean time, each is called when it was foretold."""
    takes = {"A": timedelta(minutes=7)}
    desks = [Window(n, frozenset("A"), at(n / 10)) for n in range(windows)]
    foretold = {
        w.ticket_id: called_at(w.ticket_id, line, desks, takes=takes, spans=[], at=at(200), terms=TERMS) for w in line
    }

    free, recent, left = [at(200)] * windows, [[] for _ in range(windows)], {w.ticket_id: w for w in line}
    while left:
        place = min(range(windows), key=lambda n: (free[n], n))
        choice = next_ticket(left.values(), recent=recent[place], at=free[place], terms=TERMS)
        left.pop(choice.ticket_id)
        assert foretold[choice.ticket_id] == free[place]
        recent[place].append(choice.reason)
        free[place] += takes["A"]


def test_nobody_is_called_in_the_break_and_after_it_the_line_goes_on():
    spans = [(at(0), at(10)), (at(60), at(120))]
    line = [one(n) for n in range(1, 4)]

    moments = [
        called_at(
            n,
            line,
            [Window(1, frozenset("A"), at(0))],
            takes={"A": timedelta(minutes=8)},
            spans=spans,
            at=at(0),
            terms=TERMS,
        )
        for n in (1, 2, 3)
    ]

    assert moments == [at(0), at(8), at(60)]


def test_a_service_that_no_window_gives_has_no_forecast():
    line = [Waiting(1, "B", NOON)]

    assert called_at(1, line, [Window(1, frozenset("A"), NOON)], takes={}, spans=[], at=NOON, terms=TERMS) is None
