"""Who waits in an office and how long: the line, one ticket, the calls on the board, the forecast."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, QuerySet

from svet.domains.offices import queries as offices
from svet.domains.offices.rules import Audience
from svet.domains.visits.models import Duty, Pace, Series, Ticket, TicketStep
from svet.domains.visits.queries.hall import HallRules, rules_on
from svet.domains.visits.rules import ACTIVE, ON_THE_BOARD, Happened, Reason, State, label
from svet.domains.visits.rules.forecast import Window, called_at
from svet.domains.visits.rules.order import Waiting
from svet.infra.clock import MOSCOW
from svet.infra.planned import planned_rows
from svet.kernel.errors import NotFound

MOST_RECENT = 8
"""So many last calls of a window are enough for the order: a run is never longer."""


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket: where it stands, why it was called, when it is expected to be."""

    ticket_id: int
    label: str
    office_code: str
    series: str
    title: str
    subject: str
    audience: Audience
    state: State
    privilege: str
    booked_for: datetime | None
    booked: bool
    issued_at: datetime
    counts_from: datetime
    expected_at: datetime | None
    first_called_at: datetime | None
    called_at: datetime | None
    call_reason: str
    missed: int
    begun_at: datetime | None
    ended_at: datetime | None
    returned: bool
    put_first: bool
    for_window_id: int | None
    window_id: int | None
    window: int | None
    duty_id: int | None
    contact_id: int | None
    follow_code: str
    score: int | None = None

    @property
    def waiting(self) -> Waiting:
        """What the order of calls asks about it."""
        return Waiting(
            ticket_id=self.ticket_id,
            series=self.series,
            counts_from=self.counts_from,
            returned=self.returned or self.put_first,
            out_of_turn=bool(self.privilege),
            booked=self.booked,
            window_id=self.for_window_id,
        )


@dataclass(frozen=True, slots=True)
class TicketStepView:
    """One thing that happened to a ticket."""

    at: datetime
    happened: Happened
    window: int | None
    by: str
    reason: str
    passed_over: int
    note: str


@dataclass(frozen=True, slots=True)
class Called:
    """A number on the board. `again`: how often it was called; a board says it aloud when that grows."""

    ticket_id: int
    label: str
    window: int
    state: State
    called_at: datetime
    again: int


_RECENT = """
SELECT w.id, recent.reason
  FROM visits_duty d JOIN visits_window w ON w.id = d.window_id
  CROSS JOIN LATERAL (
      SELECT e.id, e.reason FROM visits_event e
       WHERE e.window_id = w.id AND e.happened = 'called' AND e.at >= d.began_at ORDER BY e.id DESC LIMIT 8
  ) recent
 WHERE w.office_code = %s AND d.ended_at IS NULL ORDER BY w.id, recent.id
"""
_VERSION = "SELECT coalesce(max(id), 0) FROM visits_event WHERE office_code = %s"


def hall_line(office_code: str, *, day: date) -> list[TicketView]:
    """Return all tickets of the day that are not over, by the time they count from."""
    rows = _rows().filter(office_code=office_code, day=day, state__in=ACTIVE)
    return [_view(row) for row in rows.order_by("counts_from", "pk")]


def ticket(ticket_id: int, *, office_code: str) -> TicketView:
    """Return a ticket of this office; raise NotFound("no_such_ticket")."""
    return _one(pk=ticket_id, office_code=office_code)


def ticket_by_code(code: str) -> TicketView:
    """Return the ticket that its holder follows; raise NotFound("no_such_ticket")."""
    return _one(follow_code=code)


def ticket_by_key(key: str) -> TicketView | None:
    """Return the ticket that a request made already, if it did."""
    row = _rows().filter(request_key=key).first()
    return None if row is None else _view(row)


def ticket_of_duty(duty_id: int) -> TicketView | None:
    """Return who is at the window of this duty now."""
    row = _rows().filter(duty_id=duty_id, state__in=ON_THE_BOARD).first()
    return None if row is None else _view(row)


def missed(office_code: str, *, at: datetime) -> list[TicketView]:
    """Return who was called and did not come, and may still return."""
    day = at.astimezone(MOSCOW).date()
    since = at - rules_on(day).missed_returns
    rows = _rows().filter(office_code=office_code, day=day, state=State.NO_SHOW, missed=1, ended_at__gte=since)
    return [_view(row) for row in rows.order_by("ended_at", "pk")]


def story(ticket_id: int) -> list[TicketStepView]:
    """Return what happened to a ticket, the first thing first."""
    rows = TicketStep.objects.select_related("window", "by").filter(ticket_id=ticket_id).order_by("pk")
    return [
        TicketStepView(
            at=row.at,
            happened=Happened(row.happened),
            window=row.window.number if row.window else None,
            by=row.by.get_full_name() if row.by else "",
            reason=row.reason,
            passed_over=row.passed_over,
            note=row.note,
        )
        for row in rows
    ]


def version(office_code: str) -> int:
    """Return a number that grows with everything that happens in the hall of an office."""
    found: int = planned_rows(_VERSION, [office_code])[0][0]
    return found


def board_calls(office_code: str, *, day: date) -> list[Called]:
    """Return the numbers that are called or served now, the latest call first."""
    rows = (
        Ticket.objects.filter(office_code=office_code, day=day, state__in=ON_THE_BOARD)
        .annotate(number_of_window=F("window__number"))
        .order_by("-called_at", "-pk")
    )
    calls = dict(
        TicketStep.objects.filter(
            ticket__in=[row.pk for row in rows], happened__in=[Happened.CALLED, Happened.RECALLED]
        )
        .values_list("ticket_id")
        .annotate(Count("pk"))
    )
    return [
        Called(
            ticket_id=row.pk,
            label=label(row.letter, row.number),
            window=row.number_of_window,
            state=State(row.state),
            called_at=row.called_at,
            again=calls.get(row.pk, 1),
        )
        for row in rows
        if row.called_at is not None
    ]


def expected(ticket_id: int, *, office_code: str, at: datetime) -> datetime | None:
    """Return when a waiting ticket will be called by the forecast; None when nobody can say."""
    return hall_now(office_code, at=at).expected(ticket_id)


def waits(office_code: str, *, at: datetime) -> dict[str, timedelta | None]:
    """Return per service how long somebody who comes now will wait; None: no window for it works."""
    return hall_now(office_code, at=at).waits()


@dataclass(frozen=True, slots=True)
class HallNow:
    """A hall at a moment, read once: its tickets and all that a forecast asks."""

    at: datetime
    tickets: tuple[TicketView, ...]
    windows: tuple[Window, ...]
    takes: Mapping[str, timedelta]
    spans: tuple[tuple[datetime, datetime], ...]
    rules: HallRules

    @property
    def waiting(self) -> tuple[TicketView, ...]:
        """Who waits, by the time they count from."""
        return tuple(one for one in self.tickets if one.state == State.WAITING)

    def waits(self) -> dict[str, timedelta | None]:
        """Return per service how long somebody who comes now will wait; None: no window for it works."""
        return {code: self._if_came_now(code) for code in self.takes}

    def expected(self, ticket_id: int) -> datetime | None:
        """Return when a waiting ticket is called; None when nobody can say."""
        return self._called_at(ticket_id, tuple(one.waiting for one in self.waiting))

    def _if_came_now(self, series: str) -> timedelta | None:
        one = Waiting(ticket_id=2**62, series=series, counts_from=self.at)
        moment = self._called_at(one.ticket_id, (*(other.waiting for other in self.waiting), one))
        return None if moment is None else moment - self.at

    def _called_at(self, ticket_id: int, line: tuple[Waiting, ...]) -> datetime | None:
        return called_at(
            ticket_id,
            line,
            self.windows,
            takes=self.takes,
            spans=self.spans,
            at=self.at,
            terms=self.rules.order,
        )


def hall_now(office_code: str, *, at: datetime) -> HallNow:
    """Return the hall of an office at a moment."""
    here = at.astimezone(MOSCOW)
    takes = service_times(office_code)
    tickets = tuple(hall_line(office_code, day=here.date()))
    return HallNow(
        at=at,
        tickets=tickets,
        windows=_windows(office_code, tickets, takes=takes, at=at),
        takes=takes,
        spans=_spans(office_code, here),
        rules=rules_on(here.date()),
    )


def service_times(office_code: str) -> dict[str, timedelta]:
    """Return the mean time from call to end by service: this office's, else the company's, else the typical one.

    Means are counted at night (`actions.count_paces`): a ticket must not cost more the longer the history is.
    """
    paces = {
        (row.office_code, row.series): timedelta(seconds=row.seconds)
        for row in Pace.objects.filter(office_code__in=["", office_code])
    }
    typical = Series.objects.filter(active=True).values_list("code", "typical_minutes")
    return {
        code: paces.get((office_code, code)) or paces.get(("", code)) or timedelta(minutes=minutes)
        for code, minutes in typical
    }


def measured_times(office_code: str) -> dict[str, timedelta]:
    """Return the mean time from call to end of the services that were measured in this office."""
    rows = Pace.objects.filter(office_code=office_code)
    return {row.series: timedelta(seconds=row.seconds) for row in rows}


def recent_reasons(office_code: str) -> dict[int, list[Reason]]:
    """Return per window why it called last since somebody sat down at it, the latest call last."""
    found: dict[int, list[Reason]] = {}
    for window_id, reason in planned_rows(_RECENT, [office_code]):
        found.setdefault(window_id, []).append(Reason(reason))
    return found


def _windows(
    office_code: str, line: Iterable[TicketView], *, takes: Mapping[str, timedelta], at: datetime
) -> tuple[Window, ...]:
    """Return the windows that work and do not pause; who is at one now is expected to take the usual time."""
    recent = recent_reasons(office_code)
    at_window = {one.duty_id: one for one in line if one.state in ON_THE_BOARD}
    found = []
    for duty in Duty.objects.filter(window__office_code=office_code, ended_at=None, paused_at=None):
        now = at_window.get(duty.pk)
        free = now.called_at + takes[now.series] if now and now.called_at and now.series in takes else at
        found.append(
            Window(
                window_id=duty.window_id,
                series=frozenset(duty.series),
                free_at=max(free, at),
                recent=tuple(recent.get(duty.window_id, [])[-MOST_RECENT:]),
            )
        )
    return tuple(found)


def _spans(office_code: str, here: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """Return the hours of the day for whomever the office serves longest."""
    try:
        office = offices.office(office_code)
    except NotFound:
        return ()
    timetable = offices.timetable(office.office_id, first_on=here.date(), days=1)
    plans = [timetable.plan(audience, here.date()) for audience in Audience]
    longest = max(plans, key=lambda plan: plan.closes_at.isoformat() if plan.closes_at else "")
    return tuple(
        (
            datetime.combine(here.date(), since, tzinfo=here.tzinfo),
            datetime.combine(here.date(), until, tzinfo=here.tzinfo),
        )
        for since, until in longest.spans
    )


def _rows() -> QuerySet[Ticket]:
    return Ticket.objects.select_related("series", "privilege", "booking", "window", "rating")


def _one(**which: Any) -> TicketView:
    row = _rows().filter(**which).first()
    if row is None:
        raise NotFound("no_such_ticket")
    return _view(row)


def _view(row: Ticket) -> TicketView:
    return TicketView(
        ticket_id=row.pk,
        label=label(row.letter, row.number),
        office_code=row.office_code,
        series=row.series.code,
        title=row.series.title,
        subject=row.series.subject,
        audience=Audience(row.audience),
        state=State(row.state),
        privilege=row.privilege.title if row.privilege else "",
        booked_for=row.booking.starts_at if row.booking else None,
        booked=row.booked,
        issued_at=row.issued_at,
        counts_from=row.counts_from,
        expected_at=row.expected_at,
        first_called_at=row.first_called_at,
        called_at=row.called_at,
        call_reason=row.call_reason,
        missed=row.missed,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        returned=row.returned,
        put_first=row.put_first,
        for_window_id=row.for_window_id,
        window_id=row.window_id,
        window=row.window.number if row.window else None,
        duty_id=row.duty_id,
        contact_id=row.contact_id,
        follow_code=row.follow_code,
        score=row.rating.score if hasattr(row, "rating") else None,
    )
