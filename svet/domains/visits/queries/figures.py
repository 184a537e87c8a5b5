"""How the queue does: waits and service times by office and service, and how far the forecast is off (clause G3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from svet.domains.visits.models import ForecastError
from svet.domains.visits.rules import label
from svet.infra.planned import planned_rows


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How far the forecast printed on tickets was off: half of the tickets by no more than `half`; of how many."""

    half: timedelta | None
    nine_of_ten: timedelta | None
    tickets: int


@dataclass(frozen=True, slots=True)
class WaitFigures:
    """An office in a period: visits, waits (mean, nine of ten), the share within the target, no-shows, ratings."""

    office_code: str
    visits: int
    served: int
    wait: timedelta | None
    wait_nine: timedelta | None
    within_target: int | None
    missed: int
    expired: int
    longest: timedelta | None
    score: Decimal | None
    ratings: int


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """A service in a period: how many were served, how long it took from coming to the window to the end.

    Mean, half of all, nine of ten; and how long people waited for it.
    """

    title: str
    served: int
    takes: timedelta | None
    median: timedelta | None
    nine: timedelta | None
    wait: timedelta | None


@dataclass(frozen=True, slots=True)
class RatedByWay:
    """How many visits of a period were rated by a way (`rules.RatedBy`), and how."""

    way: str
    ratings: int
    score: Decimal


@dataclass(frozen=True, slots=True)
class Said:
    """What a visitor wrote of his visit."""

    ticket_id: int
    label: str
    office_code: str
    day: date
    title: str
    score: int
    comment: str


_WAITS = """
SELECT office_code, count(*), count(*) FILTER (WHERE state = 'served'),
       avg(first_called_at - counts_from) FILTER (WHERE first_called_at >= counts_from),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY greatest(first_called_at - counts_from, interval '0')),
       (100 * count(*) FILTER (WHERE first_called_at - counts_from <= %s::interval)
            / nullif(count(first_called_at), 0))::integer,
       count(*) FILTER (WHERE state = 'no_show'), count(*) FILTER (WHERE state = 'expired'),
       max(first_called_at - counts_from), round(avg(r.score), 1), count(r.score)
  FROM visits_ticket t LEFT JOIN visits_rating r ON r.ticket_id = t.id
 WHERE day >= %s::date AND day <= %s::date AND (%s::text = '' OR office_code = %s::text)
 GROUP BY office_code ORDER BY office_code
"""
_SERVICES = """
SELECT s.title, count(*), avg(t.ended_at - t.begun_at),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY t.ended_at - t.begun_at),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY t.ended_at - t.begun_at),
       avg(greatest(t.first_called_at - t.counts_from, interval '0'))
  FROM visits_ticket t JOIN visits_series s ON s.id = t.series_id
 WHERE t.state = 'served' AND t.day >= %s::date AND t.day <= %s::date AND (%s::text = '' OR t.office_code = %s::text)
 GROUP BY s.id, s.title, s."order" ORDER BY s."order", s.title
"""
_RATED = """
SELECT r.way, count(*), round(avg(r.score), 1)
  FROM visits_rating r JOIN visits_ticket t ON t.id = r.ticket_id
 WHERE t.day >= %s::date AND t.day <= %s::date AND (%s::text = '' OR t.office_code = %s::text)
 GROUP BY r.way ORDER BY count(*) DESC, r.way
"""
_SAID = """
SELECT t.id, t.letter, t.number, t.office_code, t.day, s.title, r.score, r.comment
  FROM visits_rating r JOIN visits_ticket t ON t.id = r.ticket_id JOIN visits_series s ON s.id = t.series_id
 WHERE t.day >= %s::date AND t.day <= %s::date AND (%s::text = '' OR t.office_code = %s::text) AND r.comment <> ''
 ORDER BY r.at DESC, r.id DESC LIMIT 50
"""


def accuracy(office_code: str) -> Accuracy:
    """Return how far the forecasts of the last days were off in an office, as counted at night."""
    row = ForecastError.objects.filter(office_code=office_code).first()
    if row is None:
        return Accuracy(None, None, 0)
    return Accuracy(timedelta(seconds=row.half), timedelta(seconds=row.nine_of_ten), row.tickets)


def wait_figures(
    *, since: date, until: date, target: timedelta, office_code: str = ""
) -> tuple[list[WaitFigures], list[ServiceFigures]]:
    """Return the figures of a period, both days inclusive, by office and by service; no office: all of them."""
    of_offices = planned_rows(_WAITS, [target, since, until, office_code, office_code])
    of_services = planned_rows(_SERVICES, [since, until, office_code, office_code])
    return [WaitFigures(*row) for row in of_offices], [ServiceFigures(*row) for row in of_services]


def ratings(*, since: date, until: date, office_code: str = "") -> tuple[list[RatedByWay], list[Said]]:
    """Return the ratings of visits in a period by way, and the latest fifty words said with them."""
    terms = [since, until, office_code, office_code]
    said = [
        Said(ticket_id, label(letter, number), *rest) for ticket_id, letter, number, *rest in planned_rows(_SAID, terms)
    ]
    return [RatedByWay(*row) for row in planned_rows(_RATED, terms)], said
