"""The hall of the town's office: windows, the days before with their visitors, and those who wait this morning."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random

from svet.domains.access import actions as access
from svet.domains.access import queries as staff
from svet.domains.offices import queries as offices
from svet.domains.offices.rules import Audience
from svet.domains.visits import actions as visits
from svet.domains.visits import queries
from svet.infra.clock import MOSCOW
from svet.kernel.period import Month
from svet.surfaces.console.demo import names
from svet.surfaces.console.demo.visitors import live_a_day

OFFICE = "vladimir-mira-61a"
AT_WINDOWS = ("operator", "cashier", "supervisor")
DAYS, A_DAY = 2, 45


def open_office(*, at: datetime) -> None:
    """Put who serves customers into the town's office."""
    unit_id = access.define_unit("Офис на улице Мира", parent_id=None, office_code=OFFICE, at=at)
    for login in AT_WINDOWS:
        person, chief = staff.person_by_username(login), staff.person_by_username("admin")
        if person is None or chief is None:
            continue
        access.move_staff(
            person.user_id,
            position=next(one.position for one in names.STAFF if one.username == login),
            roles=person.roles,
            unit_id=unit_id,
            expected_roles=person.roles,
            by=chief.user_id,
            at=at,
            reason="Офис открыт",
        )


def live_in_the_hall(*, today: datetime, first_month: Month) -> None:
    """Open three windows, live the last working days, and let some wait now, if the office is open."""
    opened = datetime.combine(first_month.first_on, time(8), tzinfo=MOSCOW)
    windows = [visits.make_window(OFFICE, number, at=opened) for number in (1, 2, 3)]
    people = [one.user_id for login in AT_WINDOWS if (one := staff.person_by_username(login))]
    office = offices.office(OFFICE)
    random, day, lived = Random(33), today.date(), 0  # noqa: S311 — visitors, not secrets
    while lived < DAYS:
        day -= timedelta(days=1)
        if not offices.hours_on(office.office_id, Audience.INDIVIDUALS, day).is_open:
            continue
        morning = datetime.combine(day, time(8), tzinfo=MOSCOW)
        for window_id, user_id in zip(windows, people, strict=False):
            visits.sit_down(window_id, operator_id=user_id, at=morning)
        live_a_day(OFFICE, day, operators=people, services=queries.services(), count=A_DAY, random=random)
        visits.end_days(at=morning + timedelta(days=1))
        lived += 1
    visits.count_paces(at=today)
