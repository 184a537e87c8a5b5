"""Tells customers of an interruption that goes on by the way they chose: it began, what is known anew, it is over.

What still waits (an SMS at night) gives way to what is known anew. Who never heard of it hears nothing of its end, and
hears of its beginning when something is news to the others.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from svet.domains.accounts import queries as accounts
from svet.domains.customers import queries as customers
from svet.domains.customers.rules import Subject
from svet.domains.notifications import actions as notifications
from svet.domains.notifications import queries as messages
from svet.domains.notifications.rules import MessageKind
from svet.domains.supply import queries as places
from svet.domains.supply.queries import OngoingPageView
from svet.domains.supply.rules import OngoingNews
from svet.infra.clock import MOSCOW
from svet.infra.models import Fact
from svet.kernel.period import Period

_KINDS = {
    OngoingNews.BEGUN: MessageKind.OUTAGE_BEGUN,
    OngoingNews.CHANGED: MessageKind.OUTAGE_TOLD,
    OngoingNews.ENDED: MessageKind.OUTAGE_OVER,
    OngoingNews.WITHDRAWN: MessageKind.OUTAGE_WITHDRAWN,
}
_FIRST_WORDS = {OngoingNews.BEGUN: MessageKind.OUTAGE_BEGUN, OngoingNews.CHANGED: MessageKind.OUTAGE_BEGUN}
"""What who has not heard of it yet is told."""
_LAST_WORDS = {OngoingNews.ENDED, OngoingNews.WITHDRAWN}


def tell_news(fact: Fact, at: datetime) -> None:
    """Tell the customers at the points of a step what it says; nobody twice, however often the fact is delivered."""
    news = OngoingNews(fact.payload["news"])
    if news not in _KINDS:
        return
    page = places.ongoing_page(fact.payload["ongoing_id"])
    if news not in _LAST_WORDS and not page.is_open:
        return  # it is over before anybody was told
    prefix, suffix = f"outage:{page.known.ongoing_id}:", f":{fact.pk}"
    if news != OngoingNews.BEGUN:
        notifications.drop_waiting(prefix, sparing=suffix, at=at)
    heard = messages.accounts_told(prefix)
    facts = _facts(page, fact)
    for account_id, number, customer_id in _concerned(page, fact):
        told = customers.way_to_tell(customer_id, subject=Subject.OUTAGE, on=at.astimezone(MOSCOW).date())
        kind = _KINDS[news] if account_id in heard else _FIRST_WORDS.get(news)
        if told is None or kind is None:
            continue
        notifications.send(
            kind,
            channel=told[0],
            address=told[1],
            facts={"number": number, **facts},
            key=f"{prefix}{account_id}{suffix}",
            at=at,
            account_id=account_id,
            customer_id=customer_id,
        )


def _facts(page: OngoingPageView, fact: Fact) -> dict[str, Any]:
    known, said = page.known, fact.payload["after"]
    facts = {"failing": known.kind.value, "since": known.from_at.isoformat(), "cause": said["cause"]}
    expected = said["expected_at"] or ""
    return facts | ({"over": expected} if page.ended_at else {"back": expected})


def _concerned(page: OngoingPageView, fact: Fact) -> list[tuple[int, str, int]]:
    """Return accounts (id, number) and customers at the points who chose to be told, by number."""
    points = fact.payload["points"]
    day = fact.at.astimezone(MOSCOW).date()
    supplied = accounts.supplied_then(points or page.points, period=Period(day, day + timedelta(days=1)))
    customers_of = accounts.customers_of(set(supplied.values()))
    chose = customers.who_chose(Subject.OUTAGE, of=set(customers_of.values()))
    concerned = {account: customer for account, customer in customers_of.items() if customer in chose}
    named = accounts.numbers_and_families(list(concerned))
    return sorted(
        ((account, named[account][0], customer) for account, customer in concerned.items()), key=lambda o: o[1]
    )
