"""The only place that reads the time. Surfaces and jobs read it once and pass it on.

`SVET_CLOCK_OFFSET` (seconds) moves the whole installation in time: the demo region lives on fixed days.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MOSCOW = ZoneInfo("Europe/Moscow")
OFFSET = "SVET_CLOCK_OFFSET"


def now() -> datetime:
    """Return the present moment in Moscow time, aware."""
    offset = timedelta(seconds=float(os.environ.get(OFFSET, "0")))
    return (datetime.now(UTC) + offset).astimezone(MOSCOW)  # noqa: TID251


def today() -> date:
    """Return today's date in Moscow."""
    return now().date()
