"""Background entry points of the hall: the end of a day, bookings in closed hours, forgetting who booked."""

from __future__ import annotations

from svet.domains.visits import actions
from svet.infra import clock
from svet.infra.jobs import app


@app.task(queueing_lock="end_days_of_halls", pass_context=False)
def end_days_of_halls(timestamp: int) -> None:
    """Close what yesterday left open and count how long services take."""
    now = clock.now()
    actions.end_days(at=now)
    actions.count_paces(at=now)


@app.task(queueing_lock="displace_bookings", pass_context=False)
def displace_bookings(timestamp: int) -> None:
    """Find bookings that fall into closed hours: the calendar, the week or the list of offices may have changed."""
    actions.displace_bookings(at=clock.now())


@app.task(queueing_lock="forget_bookings", pass_context=False)
def forget_bookings(timestamp: int) -> None:
    """Take names and contacts out of bookings long over."""
    actions.forget_bookings(at=clock.now())
