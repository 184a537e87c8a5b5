"""Delivery of facts to reactions: each reaction walks the outbox by its own cursor, after commit.

A handler must be idempotent: it is called again for a fact whose delivery was interrupted. A fact that a
handler cannot take is set aside, told in the log and tried again; it never stops the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from svet.infra import outbox
from svet.infra.context import Actor, Context, acting
from svet.infra.models import Fact, FailedReaction, ReactionCursor

log = logging.getLogger(__name__)

Handler = Callable[[Fact, datetime], None]
Sieve = Callable[[Sequence[Fact], datetime], set[int]]
"""Says at once of many facts which (by id) concern the handler at all."""
MAX_ATTEMPTS = 20
AT_ONCE, AT_ONCE_SIFTED = 500, 10_000


def deliver(
    reaction: str,
    *,
    names: Sequence[str],
    handler: Handler,
    at: datetime,
    sieve: Sieve | None = None,
    limit: int | None = None,
) -> int:
    """Hand the next facts with these names to `handler`; return how many were seen.

    1. Lock the reaction's cursor, so that two workers never walk it at once.
    2. Call the handler for each fact (that the sieve leaves) in a savepoint; set failures aside.
    3. Move the cursor, all in one transaction.
    """
    limit = limit or (AT_ONCE if sieve is None else AT_ONCE_SIFTED)
    with transaction.atomic():
        ReactionCursor.objects.get_or_create(reaction=reaction)
        cursor = ReactionCursor.objects.select_for_update(skip_locked=True).filter(reaction=reaction).first()
        if cursor is None:
            return 0  # another worker is at it
        facts = outbox.unseen(list(names), after=(cursor.last_transaction, cursor.last_fact_id), limit=limit)
        concerning = None if sieve is None or not facts else sieve(facts, at)
        for fact in facts:
            if concerning is None or fact.pk in concerning:
                _hand_over(reaction, fact, handler, at)
        if facts:
            cursor.last_transaction, cursor.last_fact_id, cursor.moved_at = facts[-1].transaction, facts[-1].pk, at
            cursor.save(update_fields=["last_transaction", "last_fact_id", "moved_at"])
    return len(facts)


def retry_failed(reaction: str, *, handler: Handler, at: datetime) -> int:
    """Try the facts that were set aside once more; return how many could be handled now."""
    solved = 0
    waiting = FailedReaction.objects.filter(reaction=reaction, solved_at=None, attempts__lt=MAX_ATTEMPTS)
    for failure in waiting.select_related("fact").order_by("pk"):
        with transaction.atomic():
            if _hand_over(reaction, failure.fact, handler, at):
                FailedReaction.objects.filter(pk=failure.pk).update(solved_at=at)
                solved += 1
    return solved


def _hand_over(reaction: str, fact: Fact, handler: Handler, at: datetime) -> bool:
    try:
        with transaction.atomic(), acting(Context(Actor("reaction", reaction), request_id=fact.request_id)):
            handler(fact, at)
    except Exception as error:  # whatever one handler does wrong must not stop the others
        log.exception("reaction %s cannot take fact %s", reaction, fact.pk)
        failure, new = FailedReaction.objects.get_or_create(
            reaction=reaction, fact=fact, defaults={"error": repr(error), "failed_at": at}
        )
        if not new:
            failure.attempts, failure.error, failure.failed_at = failure.attempts + 1, repr(error), at
            failure.save(update_fields=["attempts", "error", "failed_at"])
        return False
    return True
