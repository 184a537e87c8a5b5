"""Figures of service (clause G3): how long contacts took, whether one settled the question, who came again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from svet.infra.clock import MOSCOW

AGAIN_WITHIN = timedelta(days=7)
"""Another contact of the account about the same subject so soon means that the first did not help."""

_CONTACTS = """
WITH contact AS (
    SELECT c.*, extract(epoch FROM c.ended_at - c.began_at) / 60 AS minutes,
           c.ending = 'finished' AS is_finished,
           EXISTS (SELECT 1 FROM cases_service_contact later
                    WHERE later.account_id = c.account_id AND later.began_at > c.began_at
                      AND later.began_at <= c.began_at + %(again)s AND later.subjects && c.subjects) AS is_repeated
      FROM cases_service_contact c
     WHERE c.began_at >= %(since)s AND c.began_at < %(until)s AND c.ended_at IS NOT NULL
       AND (%(channel)s = '' OR c.channel = %(channel)s) AND (%(office)s = '' OR c.office_code = %(office)s)
)
SELECT {key} AS key, count(*) FILTER (WHERE is_finished) AS finished,
       count(*) FILTER (WHERE is_finished AND settled = 'settled') AS settled,
       count(*) FILTER (WHERE is_finished AND is_repeated) AS repeated,
       count(*) FILTER (WHERE ending = 'identification_refused') AS refused,
       count(*) FILTER (WHERE ending = 'abandoned') AS abandoned,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes) FILTER (WHERE is_finished) AS median,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY minutes) FILTER (WHERE is_finished) AS most
  FROM contact{more}
 GROUP BY 1 ORDER BY {order}
"""


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """Contacts of one channel, subject or day; `median` and `most` (nine of ten took no longer) in minutes.

    Only finished contacts count into times, `settled` and `repeated`.
    """

    key: str
    finished: int
    settled: int
    repeated: int
    refused: int
    abandoned: int
    median: float | None
    most: float | None

    @property
    def settled_percent(self) -> int | None:
        """The share of finished contacts that settled the question; None where there are none."""
        return None if not self.finished else round(100 * self.settled / self.finished)

    @property
    def repeated_percent(self) -> int | None:
        """The share of finished contacts after which the customer came again about the same."""
        return None if not self.finished else round(100 * self.repeated / self.finished)


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """Figures of the days asked for: together, by channel, by subject (a contact may have several), by day."""

    total: ServiceRow | None
    channels: tuple[ServiceRow, ...]
    subjects: tuple[ServiceRow, ...]
    days: tuple[ServiceRow, ...]


def service_figures(*, from_on: date, to_on: date, channel: str = "", office_code: str = "") -> ServiceFigures:
    """Return the figures of contacts begun from `from_on` to `to_on` (included); no channel or office: of all."""
    terms: dict[str, Any] = {
        "since": datetime.combine(from_on, time(), tzinfo=MOSCOW),
        "until": datetime.combine(to_on + timedelta(days=1), time(), tzinfo=MOSCOW),
        "again": AGAIN_WITHIN,
        "channel": channel,
        "office": office_code,
    }
    of_day = "to_char(began_at AT TIME ZONE 'Europe/Moscow', 'YYYY-MM-DD')"
    return ServiceFigures(
        total=next(iter(_rows(terms, key="''")), None),
        channels=_rows(terms, key="channel"),
        subjects=_rows(terms, key="subject", more=", unnest(subjects) AS subject"),
        days=_rows(terms, key=of_day, order="1"),
    )


def _rows(
    terms: Mapping[str, Any], *, key: str, more: str = "", order: str = "finished DESC, 1"
) -> tuple[ServiceRow, ...]:
    query = _CONTACTS.format(key=key, more=more, order=order)
    with connection.cursor() as cursor:
        cursor.execute(query, dict(terms))
        return tuple(ServiceRow(*row) for row in cursor.fetchall())
