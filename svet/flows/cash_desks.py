"""The cash desks of offices, for the site, the kiosk and the terminal alike: where one is, and why it is closed (W2).

A desk is where an active till stands; a till of no office is nobody's desk. It is closed while the switchboard has
payments in offices turned off (clause M5), or while its office does not give the service of the queue for payments.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from svet.domains.offices import queries as offices
from svet.domains.offices.rules.channels import Deed, Way
from svet.domains.payments import queries as payments
from svet.domains.visits import queries as visits
from svet.domains.visits.queries import SeriesView
from svet.infra.clock import MOSCOW

MONEY = "payments"
"""The subject of a service for which people come to pay."""


def turned_off(*, at: datetime) -> str:
    """Return where to go while the desks of all offices are turned off, empty while they are not."""
    return next((one.redirect for one in offices.turned_off(at=at, deed=Deed.PAYMENT) if one.way is Way.OFFICE), "")


def desks(*, at: datetime) -> dict[str, str]:
    """Return the offices with a cash desk, each with why it is closed today, empty where it is not."""
    off, today = turned_off(at=at), at.astimezone(MOSCOW).date()
    served = visits.services_by_office(sorted(payments.offices_with_a_till()), on=today)
    return {code: off or _closed(services) for code, services in served.items()}


def services_of(office_code: str, *, at: datetime, on: date | None) -> list[SeriesView]:
    """Return the services of an office's queue as `visits.services_of` does, payments only where there is a desk."""
    served = visits.services_of(office_code, on=on)
    if office_code not in payments.offices_with_a_till():
        return [one for one in served if one.subject != MONEY]
    off = turned_off(at=at)
    return [replace(one, closed=off or one.closed) if one.subject == MONEY else one for one in served]


def service_of(office_code: str, *, at: datetime) -> SeriesView | None:
    """Return the service by which an office with a queue takes money now, None where it takes none."""
    if office_code not in visits.offices_with_windows():
        return None
    served = services_of(office_code, at=at, on=at.astimezone(MOSCOW).date())
    return next((one for one in served if one.subject == MONEY and not one.closed), None)


def _closed(services: Iterable[SeriesView]) -> str:
    """Return why an office with these services takes no money; empty when one of those for payments is given."""
    reasons = [one.closed for one in services if one.subject == MONEY]
    return reasons[0] if reasons and all(reasons) else ""
