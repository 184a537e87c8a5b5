"""Counted anew each night: how long services take, and how far the forecasts were off."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from svet.domains.visits.rules.forecast import ENOUGH, HISTORY_DAYS

ACCURACY_DAYS = 30

_PACES = """
INSERT INTO visits_pace (office_code, series, seconds, served)
SELECT coalesce(t.office_code, ''), s.code, round(avg(extract(epoch FROM t.ended_at - t.called_at))), count(*)
  FROM visits_ticket t JOIN visits_series s ON s.id = t.series_id
 WHERE t.state = 'served' AND t.called_at IS NOT NULL AND t.day > %s::date AND t.day <= %s::date
 GROUP BY GROUPING SETS ((t.office_code, s.code), (s.code)) HAVING count(*) >= %s
"""
_ERRORS = """
INSERT INTO visits_forecast_error (office_code, half, nine_of_ten, tickets)
SELECT office_code, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY off)),
       round(percentile_cont(0.9) WITHIN GROUP (ORDER BY off)), count(*)
  FROM (SELECT office_code, abs(extract(epoch FROM first_called_at - expected_at)) AS off FROM visits_ticket
         WHERE day > %s::date AND day <= %s::date AND expected_at IS NOT NULL AND first_called_at IS NOT NULL) told
 GROUP BY office_code
"""


def count_paces(*, at: datetime) -> None:
    """Count anew, from the last days, the mean time of each service and the errors of the forecasts by office."""
    today = at.date()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM visits_pace")
        cursor.execute(_PACES, [today - timedelta(days=HISTORY_DAYS), today, ENOUGH])
        cursor.execute("DELETE FROM visits_forecast_error")
        cursor.execute(_ERRORS, [today - timedelta(days=ACCURACY_DAYS), today])
