"""After an answer its applicant is asked to rate it, and weeks later whether it was really solved. Each once an answer.

Whoever said that he wants to be told nothing of answers, or withdrew his consent, is not asked; nor is who has no
electronic address.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from svet.domains.cases import actions, queries
from svet.domains.cases.actions import RATING, SOLVED
from svet.domains.cases.queries import ToAsk
from svet.domains.cases.rules.register import CaseChannel
from svet.domains.customers import queries as customers
from svet.domains.customers.rules import Subject
from svet.domains.notifications import actions as notifications
from svet.domains.notifications.rules import MessageKind
from svet.flows.appeals import SENT_BY

KINDS = {RATING: MessageKind.APPEAL_RATING, SOLVED: MessageKind.APPEAL_SOLVED}


def ask_about_answers(*, rating_after: timedelta, solved_after: timedelta, at: datetime) -> int:
    """Ask about the answers whose time has come; return how many questions went out. Nobody is asked the same twice."""
    asked = 0
    for question, after in ((RATING, rating_after), (SOLVED, solved_after)):
        for one in queries.to_ask(question, after=after, at=at):
            if one.customer_id is None or not customers.declines(one.customer_id, subject=Subject.REPLY):
                _ask(one, question=question, at=at)
                asked += 1
    return asked


def _ask(one: ToAsk, *, question: str, at: datetime) -> None:
    """The question and its message are put down together: a killed job asks again from where it stood."""
    with transaction.atomic():
        asking_id = actions.ask(one.letter_id, question=question, at=at)
        notifications.send(
            KINDS[question],
            channel=SENT_BY[CaseChannel(one.channel)],
            address=one.address,
            facts={"case": one.case_number, "case_id": one.case_id},
            secret_facts={"asking": queries.asking_token(asking_id)},
            key=f"asking:{asking_id}",
            at=at,
            customer_id=one.customer_id,
        )
