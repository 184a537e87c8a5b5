"""Background entry points of the flows."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from svet.flows import asking, booking, reactions, reminding
from svet.infra import clock, site_changes, unused_files
from svet.infra.jobs import app


@app.task(queueing_lock="deliver_facts", lock="deliver_facts", pass_context=False)
def deliver_facts(timestamp: int) -> None:
    """Hand waiting facts to their reactions (every minute; `timestamp` is the timetable's).

    One worker at a time: a mass of facts keeps one busy for minutes, and the others are for everything else.
    """
    reactions.deliver_facts(at=clock.now())


@app.task(queueing_lock="remind_of_readings", pass_context=False)
def remind_of_readings(timestamp: int) -> None:
    """Remind who has given no reading, in the last days of the window (every day; `timestamp` is the timetable's)."""
    reminding.remind_of_readings(at=clock.now())


@app.task(queueing_lock="remind_of_bookings", pass_context=False)
def remind_of_bookings(timestamp: int) -> int:
    """Remind who booked a time in an office that is near; return how many."""
    return booking.remind_of_bookings(at=clock.now())


@app.task(queueing_lock="remove_unused_files", pass_context=False)
def remove_unused_files(timestamp: int) -> int:
    """Delete files that were given with a form and never used (nightly); return how many."""
    return unused_files.remove_unused(before=clock.now() - timedelta(days=settings.UNUSED_FILES_DAYS))


@app.task(queueing_lock="ask_about_answers", lock="ask_about_answers", pass_context=False)
def ask_about_answers(timestamp: int) -> None:
    """Ask applicants to rate answers, and later whether it was solved (every ten minutes by day)."""
    asking.ask_about_answers(
        rating_after=timedelta(hours=settings.ASK_RATING_AFTER_HOURS),
        solved_after=timedelta(days=settings.ASK_SOLVED_AFTER_DAYS),
        at=clock.now(),
    )


@app.task(queueing_lock="forget_site_changes", pass_context=False)
def forget_site_changes(timestamp: int) -> int:
    """Forget marks of changes that every kept page of the site has outlived (nightly); return how many."""
    return site_changes.forget(before=clock.now() - timedelta(days=1))
