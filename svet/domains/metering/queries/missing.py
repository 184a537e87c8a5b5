"""Who has given no reading in a month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection

from svet.kernel.period import Month

_MISSING = """
SELECT DISTINCT a.account_id
  FROM accounts_agreement a
  JOIN metering_installation i ON i.supply_point_id = a.supply_point_id AND i.valid @> %(on)s::date
  JOIN metering_register g ON g.meter_id = i.meter_id
 WHERE a.account_id = ANY(%(accounts)s) AND a.valid @> %(on)s::date
   AND NOT EXISTS (
        SELECT 1 FROM metering_reading r
          LEFT JOIN metering_review v ON v.reading_id = r.id
         WHERE r.account_id = a.account_id AND r.register_id = g.id
           AND r.taken_on >= %(first)s AND r.taken_on <= %(on)s
           AND coalesce(v.verdict, r.verdict) <> 'refused'
           AND NOT EXISTS (SELECT 1 FROM metering_withdrawn w WHERE w.reading_id = r.id))
 ORDER BY 1
"""


def without_readings(account_ids: Sequence[int], *, on: date) -> list[int]:
    """Return those of the accounts of which some register has no reading (accepted or held) in the month of the day."""
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, {"accounts": list(account_ids), "on": on, "first": Month.of(on).first_on})
        return [account_id for (account_id,) in cursor.fetchall()]
