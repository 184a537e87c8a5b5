"""A day of visitors in a hall, lived on the real actions: they come in waves, some out of turn, some booked, some not.

Shared by the demo and by `svet bench --only hall`. The clock is the day's own: nothing waits for real.
"""

from __future__ import annotations

import heapq
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from svet.domains.cases.rules.contacts import Settled, Subject
from svet.domains.offices.rules import Audience
from svet.domains.visits import actions as visits
from svet.domains.visits.actions import Booked, Wanted
from svet.domains.visits.queries import SeriesView, TicketView
from svet.domains.visits.rules import Came
from svet.flows import hall_window
from svet.infra.clock import MOSCOW
from svet.kernel.errors import Conflict

WAVES = ((0.55, 10.0, 1.0), (0.30, 15.5, 1.2), (0.15, 12.5, 2.5))
"""Of how many the wave is, about which hour it comes, how wide it is (hours)."""
OUT_OF_TURN, BOOKED, NO_SHOW, HELD = 0.06, 0.12, 0.04, 0.03
WEIGHTS = {"readings": 30, "charges": 28, "payments": 12, "contract": 10, "cabinet": 10, "appeal": 10}


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it happened."""

    ticket: TicketView
    at: datetime


@dataclass(slots=True)
class Day:
    """What a day came to."""

    calls: list[Call] = field(default_factory=list)
    issued: int = 0
    refused: int = 0
    served: int = 0


@dataclass(slots=True)
class _Visitors:
    """The events of a day in their order: who comes, who is ready at which window."""

    events: list[tuple[datetime, int, str, object]] = field(default_factory=list)
    count: int = 0

    def at(self, moment: datetime, what: str, about: object) -> None:
        self.count += 1
        heapq.heappush(self.events, (moment, self.count, what, about))


def live_a_day(
    office_code: str,
    day: date,
    *,
    operators: Sequence[int],
    services: Sequence[SeriesView],
    count: int,
    random: Random,
    until: datetime | None = None,
    opens: time = time(8),
    closes: time = time(18),
) -> Day:
    """Let `count` visitors come on a day to operators who sit at their windows; stop at `until`."""
    told, todo, idle = Day(), _Visitors(), list(operators)
    asked = [one for one in services if one.code in WEIGHTS]
    slots = _booked(office_code, day, services=asked, count=round(count * BOOKED), random=random, todo=todo)
    for _ in range(count - slots):
        todo.at(_comes(day, random, opens, closes), "comes", random.choices(asked, [WEIGHTS[s.code] for s in asked])[0])
    while todo.events:
        at, _, what, about = heapq.heappop(todo.events)
        if until is not None and at > until:
            break
        if what == "free":
            idle.append(about)  # type: ignore[arg-type]
        elif what == "back":
            visits.come_back(str(about), at=at)
        else:
            _arrive(office_code, about, told, at=at, random=random)
        idle = [one for one in idle if not _serve(one, told, todo, at=at, random=random)]
    return told


def _arrive(office_code: str, about: object, told: Day, *, at: datetime, random: Random) -> None:
    try:
        if isinstance(about, str):
            visits.check_in(about, office_code=office_code, at=at, key=uuid.uuid4().hex)
        else:
            privilege = "disability" if random.random() < OUT_OF_TURN else ""
            code = about.code  # type: ignore[attr-defined]
            wanted = Wanted(office_code, code, Audience.INDIVIDUALS, uuid.uuid4().hex, privilege=privilege)
            visits.issue(wanted, at=at)
        told.issued += 1
    except Conflict:
        told.refused += 1


def _serve(operator_id: int, told: Day, todo: _Visitors, *, at: datetime, random: Random) -> bool:
    """Let a free window call; return whether it is busy now."""
    ticket = visits.call_next(operator_id, at=at)
    if ticket is None:
        return False
    told.calls.append(Call(ticket, at))
    if random.random() < NO_SHOW:
        free = at + timedelta(minutes=1.5)
        visits.miss(operator_id, at=free)
    else:
        hall_window.begin_visit(operator_id, at=at + timedelta(seconds=30))
        free = at + timedelta(minutes=_takes(ticket.series, random))
        if not ticket.returned and random.random() < HELD:
            hall_window.hold_visit(operator_id, at=free)
            todo.at(free + timedelta(minutes=random.uniform(3, 10)), "back", ticket.follow_code)
        else:
            subjects = [Subject(ticket.subject)]
            hall_window.finish_visit(operator_id, subjects=subjects, settled=Settled.YES, note="", at=free)
            told.served += 1
    todo.at(free, "free", operator_id)
    return True


def _takes(series: str, random: Random) -> float:
    """Return how many minutes a service takes: mostly near its mean, now and then long."""
    mean = {"readings": 4.5, "charges": 11, "payments": 3.5, "contract": 16, "cabinet": 8, "appeal": 12}[series]
    return max(1.0, random.lognormvariate(0, 0.55) * mean / 1.163)


def _comes(day: date, random: Random, opens: time, closes: time) -> datetime:
    while True:
        _, hour, wide = random.choices(WAVES, [wave[0] for wave in WAVES])[0]
        hours = random.gauss(hour, wide)
        if opens.hour <= hours < closes.hour - 0.5:
            return datetime.combine(day, time(0), tzinfo=MOSCOW) + timedelta(hours=hours)


def _booked(
    office_code: str, day: date, *, services: Sequence[SeriesView], count: int, random: Random, todo: _Visitors
) -> int:
    """Book times the day before; most come a little early, some late. Return how many got one."""
    made, before = 0, datetime.combine(day, time(9), tzinfo=MOSCOW) - timedelta(days=1)
    for place in range(count):
        service = random.choice([one for one in services if one.bookable])
        since = datetime.combine(day, time(8), tzinfo=MOSCOW)
        starts_at = since + timedelta(minutes=service.slot_minutes * random.randrange(540 // service.slot_minutes))
        wanted = Booked(
            office_code,
            service.code,
            Audience.INDIVIDUALS,
            starts_at,
            uuid.uuid4().hex,
            "Посетитель",
            phone=f"+7900{day:%m%d}{place:03d}",
            came=Came.PHONE,
        )
        try:
            booking = visits.book(wanted, at=before)
        except Conflict:
            continue
        todo.at(max(since, starts_at + timedelta(minutes=random.gauss(-7, 6))), "comes", booking.code)
        made += 1
    return made
