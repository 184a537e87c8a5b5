"""Submissions that can be taken back altogether, with what stands in the way of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from svet.domains.metering.queries.acts import last_billed_month
from svet.kernel.energy import TimeBand
from svet.kernel.period import Month

_IN_FORCE = """
WITH RECURSIVE chain AS (
    SELECT c.number, f.id AS last_id, f.id, f.register_id, f.taken_on, r.value, r.replaces_id, f.counts_from
      FROM metering_receipt c
      JOIN metering_reading_in_force f ON f.account_id = c.account_id AND f.receipt_id = c.id
      JOIN metering_reading r ON r.account_id = f.account_id AND r.id = f.id
     WHERE c.account_id = %(account)s AND c.number = ANY(%(numbers)s) AND f.kind IN ('regular', 'control')
    UNION ALL
    SELECT chain.number, chain.last_id, o.id, o.register_id, o.taken_on, o.value, o.replaces_id,
           coalesce(o.counts_from, date_trunc('month', o.taken_on)::date)
      FROM chain JOIN metering_reading o ON o.account_id = %(account)s AND o.id = chain.replaces_id
)
SELECT c.number, m.serial, g.position, g.band, l.value, l.taken_on, array_agg(c.id ORDER BY c.id), min(c.counts_from),
       (SELECT max(f.taken_on) FROM metering_reading_in_force f
         WHERE f.account_id = %(account)s AND f.register_id = g.id AND (f.taken_on, f.id) > (l.taken_on, l.id))
  FROM chain c
  JOIN chain l ON l.id = c.last_id
  JOIN metering_register g ON g.id = l.register_id
  JOIN metering_meter m ON m.id = g.meter_id
 GROUP BY c.number, m.serial, g.id, g.position, g.band, l.id, l.value, l.taken_on
 ORDER BY c.number, g.position
"""


@dataclass(frozen=True, slots=True)
class WithdrawnValue:
    """One register of a submission, in units of the dial."""

    position: int
    band: TimeBand
    value: Decimal


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A submission in force that may be taken back, with all that it corrected.

    `charged_month` is the last charged month where one stands in the way, `followed_on` the day of a later reading
    that does; `reading_ids` are those that would count no more.
    """

    receipt_number: str
    meter_serial: str
    taken_on: date
    values: tuple[WithdrawnValue, ...]
    reading_ids: tuple[int, ...]
    charged_month: Month | None
    followed_on: date | None

    @property
    def is_held_fast(self) -> bool:
        """Say whether something relies on it: it cannot be taken back now."""
        return self.charged_month is not None or self.followed_on is not None


def withdrawals(account_id: int, receipts: Iterable[str]) -> dict[str, Withdrawal]:
    """Return those of the account's submissions that are ordinary ones in force, by the number of their receipt.

    What came with an act, a coming or a leaving goes only with that.
    """
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE, {"account": account_id, "numbers": list(receipts)})
        rows = cursor.fetchall()
    billed = last_billed_month(account_id) if rows else None
    found: dict[str, Withdrawal] = {}
    for number, serial, position, band, value, taken_on, ids, counts_from, followed_on in rows:
        known = found.get(number)
        charged = billed if billed is not None and billed.first_on >= counts_from else None
        followed = [one for one in (followed_on, known.followed_on if known else None) if one is not None]
        found[number] = Withdrawal(
            receipt_number=number,
            meter_serial=serial,
            taken_on=taken_on,
            values=(*(known.values if known else ()), WithdrawnValue(position, TimeBand(band), value)),
            reading_ids=(*(known.reading_ids if known else ()), *ids),
            charged_month=charged or (known.charged_month if known else None),
            followed_on=max(followed, default=None),
        )
    return found
