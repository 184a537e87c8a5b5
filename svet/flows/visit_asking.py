"""After a visit a customer who was identified is asked to rate it, by the way he chose for answers to his appeals.

Whoever chose no way, declined or withdrew his consent is not asked; nor is who rated the visit before the message went.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from svet.domains.accounts import queries as accounts
from svet.domains.accounts.queries import AccountView
from svet.domains.cases import queries as cases
from svet.domains.customers import queries as customers
from svet.domains.customers.rules import Subject
from svet.domains.notifications import actions as notifications
from svet.domains.notifications.rules import MessageKind
from svet.domains.offices import queries as offices
from svet.domains.visits import queries as visits
from svet.infra.clock import MOSCOW
from svet.infra.models import Fact

ASKED_AFTER = timedelta(hours=1)
"""Whoever rates by the tablet or the ticket does it on the spot."""


def ask_of_visit(fact: Fact, at: datetime) -> None:
    """Ask the identified visitor of a finished ticket to rate the visit, once a ticket."""
    ticket = visits.ticket(fact.payload["ticket_id"], office_code=fact.payload["office"])
    account = _account_of(ticket.ticket_id)
    if account is None or ticket.ended_at is None or visits.rating_of(ticket.ticket_id) is not None:
        return
    day = ticket.ended_at.astimezone(MOSCOW).date()
    told = customers.way_to_tell(account.customer_id, subject=Subject.REPLY, on=day)
    if told is None or customers.declines(account.customer_id, subject=Subject.REPLY):
        return
    notifications.send(
        MessageKind.VISIT_RATING,
        channel=told[0],
        address=told[1],
        facts={"taken_on": day.isoformat(), "office": offices.office(ticket.office_code).name},
        secret_facts={"visit": ticket.follow_code},
        key=f"{_key(ticket.ticket_id)}{fact.pk}",
        at=at,
        earliest=ticket.ended_at + ASKED_AFTER,
        account_id=account.id,
        customer_id=account.customer_id,
    )


def ask_no_more(fact: Fact, at: datetime) -> None:
    """Drop the question about a visit that was rated meanwhile."""
    notifications.drop_waiting(_key(fact.payload["ticket_id"]), at=at)


def _key(ticket_id: int) -> str:
    return f"{MessageKind.VISIT_RATING.value}:{ticket_id}:"


def _account_of(ticket_id: int) -> AccountView | None:
    """Return the account whose card was opened last in the visit, None when nobody was identified."""
    ids = visits.contacts_of_ticket(ticket_id)
    numbers = [one.number for one in (cases.contacts_by_id(ids) if ids else ()) if one.number]
    return accounts.account_by_number(numbers[-1]) if numbers else None
