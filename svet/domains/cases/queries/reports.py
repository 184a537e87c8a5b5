"""Appeals of a period for those who answer for them: terms kept, first replies, ratings, by subject, office and people.

One statement whatever the period; whom cases are about does not find them in the figures either (clause A7).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from svet.domains.access import queries as access
from svet.domains.cases.models import Case
from svet.domains.cases.queries.reference import subject_names
from svet.domains.cases.queries.register import visible
from svet.infra.clock import MOSCOW

_FIGURES = """
WITH one AS (
    SELECT k.subject, k.office_code, k.channel, coalesce(k.assignee_id, 0)::text AS handler, k.reopened > 0 AS again,
           to_char(k.registered_at AT TIME ZONE 'Europe/Moscow', 'YYYY-MM-DD') AS day,
           letter.answered_at IS NOT NULL AS is_answered,
           extract(epoch FROM letter.replied_at - k.registered_at) / 3600 AS hours,
           coalesce(term.is_late, false) AS is_late, asked.score
      FROM cases_case k
      LEFT JOIN LATERAL (
          SELECT min(l.at) FILTER (WHERE l.is_answer) AS answered_at, min(l.at) AS replied_at
            FROM cases_letter l
           WHERE l.case_id = k.id AND l.direction = 'outgoing' AND l.author_id IS NOT NULL) letter ON true
      LEFT JOIN LATERAL (
          SELECT bool_or(c.due_at <= coalesce(c.stopped_at, %(now)s)) AS is_late
            FROM cases_clock c WHERE c.case_id = k.id AND c.kind = 'answer_clock') term ON true
      LEFT JOIN LATERAL (
          SELECT avg(a.score) AS score FROM cases_asking a WHERE a.case_id = k.id AND a.score IS NOT NULL) asked ON true
     WHERE k.registered_at >= %(since)s AND k.registered_at < %(until)s AND k.merged_into_id IS NULL
       AND NOT (k.id = ANY(%(hidden)s))
)
SELECT grouping(subject, office_code, channel, handler, day) AS sort,
       coalesce(subject, office_code, channel, handler, day, '') AS key,
       count(*), count(*) FILTER (WHERE is_answered), count(*) FILTER (WHERE is_late),
       count(*) FILTER (WHERE again), percentile_cont(0.5) WITHIN GROUP (ORDER BY hours), round(avg(score), 1)
  FROM one
 GROUP BY GROUPING SETS ((subject), (office_code), (channel), (handler), (day), ())
 ORDER BY 3 DESC, 2
"""
_SORTS = {0b01111: "subjects", 0b10111: "offices", 0b11011: "channels", 0b11101: "handlers", 0b11110: "days"}


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """Cases of one subject, office, channel, handler or day.

    `late`: the answer's term passed before it was given, or has passed now. `hours` to the first letter of a person,
    the median, None where nobody wrote yet; `score` the mean of ratings from 1 to 5.
    """

    key: str
    name: str
    cases: int
    answered: int
    late: int
    reopened: int
    hours: float | None
    score: float | None

    @property
    def kept_percent(self) -> int:
        """The share whose term was kept, or can still be."""
        return round(100 * (self.cases - self.late) / self.cases)


@dataclass(frozen=True, slots=True)
class CaseReport:
    """Cases registered in a period: in all, and by each sort."""

    total: CaseFigures | None
    subjects: tuple[CaseFigures, ...]
    offices: tuple[CaseFigures, ...]
    channels: tuple[CaseFigures, ...]
    handlers: tuple[CaseFigures, ...]
    days: tuple[CaseFigures, ...]


def case_report(user_id: int, *, from_on: date, to_on: date, at: datetime) -> CaseReport:
    """Return the figures of cases registered from `from_on` to `to_on` (included), as the asker may see them."""
    terms: dict[str, Any] = {
        "since": datetime.combine(from_on, time(), tzinfo=MOSCOW),
        "until": datetime.combine(to_on + timedelta(days=1), time(), tzinfo=MOSCOW),
        "now": at,
        "hidden": list(
            Case.objects.filter(about__isnull=False)
            .exclude(pk__in=visible(user_id).values("pk"))
            .values_list("pk", flat=True)
        ),
    }
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, terms)
        rows = cursor.fetchall()
    found: dict[str, list[CaseFigures]] = {name: [] for name in _SORTS.values()}
    names = _names(rows)
    total = None
    for sort, key, cases, answered, late, reopened, hours, mean in rows:
        name = _SORTS.get(sort, "")
        score = None if mean is None else float(mean)
        row = CaseFigures(key, names.get((name, key), key), cases, answered, late, reopened, hours, score)
        if name:
            found[name].append(row)
        elif row.cases:
            total = row
    days = tuple(sorted(found.pop("days"), key=lambda one: one.key))
    return CaseReport(total, days=days, **{name: tuple(own) for name, own in found.items()})


def _names(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[str, str], str]:
    people = access.names_of(int(key) for sort, key, *_ in rows if _SORTS.get(sort) == "handlers" and key != "0")
    named = {("handlers", str(user_id)): name for user_id, name in people.items()}
    return named | {("subjects", code): name for code, name in subject_names().items()}
