"""Until when a month's bill is to be paid (dossier 2.1; 177-FZ of 24.06.2025)."""

from __future__ import annotations

from datetime import date

from svet.kernel.calendar import WorkingCalendar
from svet.kernel.period import Month

FIRST_LATER_MONTH = Month("2026-03")
"""The first month in which bills are due by the 15th; before, by the 10th."""


def due_on(month: Month, *, calendar: WorkingCalendar | None) -> date:
    """Return the last day to pay for `month`: the 15th of the next one (the 10th before March 2026).

    With a calendar, a day off moves the term to the next working day (Civil Code, art. 193); ValueError when the
    calendar does not cover that day.

    >>> due_on(Month("2026-01"), calendar=None), due_on(Month("2026-02"), calendar=None)
    (datetime.date(2026, 2, 10), datetime.date(2026, 3, 15))
    """
    pay_in = month.next
    day = pay_in.first_on.replace(day=15 if pay_in >= FIRST_LATER_MONTH else 10)
    return day if calendar is None else calendar.next_working(day)
