"""Terms of appeals that come near or have passed, told to those who must act: the handler and who leads him.

Whoever is away is not written to: his deputy is, or who leads him alone. Whom a case must not reach (clause A7) is
never told of it. The key of a message is its fact and its reader, so nobody is told twice.
"""

from __future__ import annotations

from datetime import date, datetime

from svet.domains.access import queries as people
from svet.domains.access.rules import Right
from svet.domains.cases import queries as cases
from svet.domains.cases.rules.clocks import OURS, last_moment
from svet.domains.notifications import actions as notifications
from svet.domains.notifications.rules import Channel, MessageKind
from svet.infra.clock import MOSCOW
from svet.infra.models import Fact
from svet.kernel.errors import NotFound


def tell_of_term(fact: Fact, at: datetime) -> None:
    """Tell of a term the handler, or who stands in for him, and who leads him; of others' terms the handler alone."""
    told, on = fact.payload, at.astimezone(MOSCOW).date()
    number, clock = str(told["number"]), str(told["clock"])
    handler_id = told.get("assignee_id")
    kind = MessageKind.TERM_PASSED if fact.name == "cases.term_passed" else MessageKind.TERM_NEAR
    facts = {
        "case": number,
        "desk_case": number,
        "clock": clock,
        "until": last_moment(datetime.fromisoformat(told["due_at"])).astimezone(MOSCOW).date().isoformat(),
        "case_id": told["case_id"],
    }
    for user_id in _readers(handler_id, on=on, with_leaders=clock in OURS):
        way = _way(user_id)
        if way is not None and _may_know(user_id, number):
            channel, address = way
            notifications.send(
                kind, channel=channel, address=address, facts=facts, key=f"term:{fact.pk}:{user_id}", at=at
            )


def _readers(handler_id: int | None, *, on: date, with_leaders: bool) -> list[int]:
    """Return who is written to, each once: who acts first, then who leads; somebody in any case."""
    if handler_id is None:
        return people.leaders_of(None)
    leaders = people.leaders_of(handler_id) or people.leaders_of(None)
    acting = [handler_id] if people.staff_member(handler_id).is_active else []
    if acting and cases.is_away(handler_id, on=on):
        deputy_id = cases.deputy_of(handler_id, on=on)
        acting = [deputy_id] if deputy_id is not None else []
    return list(dict.fromkeys([*acting, *(leaders if with_leaders or not acting else [])]))


def _way(user_id: int) -> tuple[Channel, str] | None:
    """Return how an employee who answers cases is written to, None where no address of his is known."""
    member = people.staff_member(user_id)
    found = member.person
    if not (member.is_active and found.may(Right.ANSWER_CASES)):
        return None
    if found.email:
        return Channel.EMAIL, found.email
    return (Channel.SMS, found.phone) if found.phone else None


def _may_know(user_id: int, number: str) -> bool:
    try:
        cases.open_for(user_id, number)
    except NotFound:
        return False
    return True
