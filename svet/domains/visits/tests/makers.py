"""A hall with its windows and operators, and visitors, for the tests of the queue."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from svet.domains.access import actions as access
from svet.domains.offices import actions as offices
from svet.domains.offices.rules import Audience
from svet.domains.tariffs import actions as tariffs
from svet.domains.visits import actions, queries
from svet.domains.visits.actions import Booked, Wanted
from svet.domains.visits.rules import Happened, State
from svet.infra.clock import MOSCOW
from tests import reference

OFFICE, OTHER_OFFICE = "vladimir-mira-61a", "vladimir-chaykovskogo-38d"
NOON = datetime(2026, 11, 18, 12, tzinfo=MOSCOW)
"""A Wednesday; the office serves individuals from 8 to 18 without a break."""


FIVE_MINUTES = timedelta(minutes=5)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def a_hall(*, operators: int = 1, at=NOON - timedelta(hours=3)) -> list[int]:
    """Load what is shipped and seat operators at windows 1, 2…; return their ids."""
    reference.load(tariffs, at=at)
    reference.load(offices, at=at)
    reference.load(actions, at=at)
    return [seated(number, at=at) for number in range(1, operators + 1)]


def seated(number: int, *, services=(), at=NOON - timedelta(hours=3), office=OFFICE) -> int:
    operator = access.create_user(
        f"{office}-{number}",
        password=uuid.uuid4().hex,
        at=at,
        family_name=f"Окно {number}",
        roles=["operator"],
    )
    actions.sit_down(actions.make_window(office, number, at=at), operator_id=operator, services=services, at=at)
    return operator


def a_ticket(series="charges", *, at=NOON, privilege="", audience=Audience.INDIVIDUALS, key=None, office=OFFICE):
    return actions.issue(Wanted(office, series, audience, key or uuid.uuid4().hex, privilege=privilege), at=at)


def a_booking(starts_at, *, series="charges", at=NOON - timedelta(days=1), key=None, phone="+79000000001", **more):
    wanted = Booked(
        OFFICE, series, Audience.INDIVIDUALS, starts_at, key or uuid.uuid4().hex, "Анна", phone=phone, **more
    )
    return actions.book(wanted, at=at)


def came(booking, *, at):
    return actions.check_in(booking.code, office_code=OFFICE, at=at, key=uuid.uuid4().hex)


def serve(operator, *, at, contact_id=None, takes=FIVE_MINUTES):
    """Call the next one and serve him; return his number, None when nobody waits."""
    called = actions.call_next(operator, at=at)
    if called is None:
        return None
    actions.begin(operator, contact_id=contact_id, at=at)
    actions.finish(operator, at=at + takes)
    return called.label


def state(ticket) -> State:
    return queries.ticket(ticket.ticket_id, office_code=ticket.office_code).state


def happenings(ticket) -> list[Happened]:
    return [one.happened for one in queries.story(ticket.ticket_id)]
