"""Revisions of charged months: counted for everybody first, looked at, released by stages, taken back by reversal.

Counting is releasing undone: the months are reversed and charged anew in a transaction that keeps nothing but the
differences. What is released is compared with what was counted, account by account, and an account that has changed
since is left alone. Nothing is rewritten: each step adds versions and entries into the open month.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from svet.domains.billing import queries
from svet.domains.billing.actions import queue
from svet.domains.billing.models import BillRun, Revision
from svet.domains.billing.rules import RunState
from svet.domains.billing.rules.revising import RevisionCause, RevisionState
from svet.domains.ledger import queries as ledger
from svet.domains.tariffs import queries as tariffs
from svet.domains.tariffs.rules.policies import Policies
from svet.infra import audit, outbox
from svet.infra.clock import MOSCOW
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.kernel.period import Month

UNDER_WAY = (RevisionState.COUNTING, RevisionState.RELEASING, RevisionState.TAKING_BACK)


def ask_revision(
    *,
    first_month: Month,
    scope: str,
    cause: RevisionCause,
    reason: str,
    by: int | None,
    at: datetime,
    beyond_limit_reason: str = "",
) -> int:
    """Begin to count what charging `first_month` and all later months anew would change; return the revision.

    Raises DomainError("reason_is_needed"), ("revision_goes_too_far_back") beyond the policy's limit without a reason
    of its own, UnknownScope, Conflict("nothing_is_charged_since"), ("revision_is_under_way"), ("run_is_under_way").
    """
    if not reason.strip():
        raise DomainError("reason_is_needed")
    queries.accounts_sql(scope)
    earliest = _earliest(at)
    if first_month < earliest and not beyond_limit_reason.strip():
        raise DomainError("revision_goes_too_far_back", month=first_month.text, earliest=earliest.text)
    with transaction.atomic():
        _refuse_beside_others()
        accounts = queries.accounts_to_revise(first_month, scope=scope)
        if not accounts:
            raise Conflict("nothing_is_charged_since", month=first_month.text)
        revision = Revision.objects.create(
            first_month=first_month.first_on,
            scope=scope,
            cause=cause,
            reason=reason.strip(),
            beyond_limit_reason=beyond_limit_reason.strip(),
            account_count=accounts,
            asked_at=at,
            asked_by=by,
        )
        _record("asked", revision, at=at, reason=revision.reason)
        queue.enqueue_revision(revision.pk)
    return revision.pk


def release_revision(revision_id: int, *, percent: int, by: int, at: datetime) -> None:
    """Release a stage: charge the first `percent` of a hundred accounts anew, beyond those released already.

    Raises NotFound, DomainError("stage_is_a_per_cent") outside 1 to 100, Conflict("stage_is_released") when no more
    than before is asked, ("revision_cannot_be_released"), ("revision_is_under_way"), ("run_is_under_way").
    """
    if not 1 <= percent <= 100:
        raise DomainError("stage_is_a_per_cent")
    with transaction.atomic():
        revision = locked(revision_id)
        if revision.state not in (RevisionState.COUNTED, RevisionState.RELEASED):
            raise Conflict("revision_cannot_be_released", state=revision.state)
        if percent <= revision.percent:
            raise Conflict("stage_is_released", percent=revision.percent)
        _refuse_beside_others()
        revision.state, revision.percent, revision.released_by = RevisionState.RELEASING, percent, by
        revision.save(update_fields=["state", "percent", "released_by"])
        _record("released", revision, at=at, reason=revision.reason)
        queue.enqueue_revision(revision_id)


def take_revision_back(revision_id: int, *, reason: str, by: int, at: datetime) -> None:
    """Take back all that was released of it, by reversing and restoring charges.

    Raises NotFound, DomainError("reason_is_needed"), Conflict("nothing_was_released"), ("revision_is_under_way"),
    ("run_is_under_way").
    """
    if not reason.strip():
        raise DomainError("reason_is_needed")
    with transaction.atomic():
        revision = locked(revision_id)
        if revision.state != RevisionState.RELEASED:
            raise Conflict("nothing_was_released", state=revision.state)
        _refuse_beside_others()
        revision.state, revision.taken_back_reason = RevisionState.TAKING_BACK, reason.strip()
        revision.save(update_fields=["state", "taken_back_reason"])
        _record("taken_back", revision, at=at, reason=revision.taken_back_reason)
        queue.enqueue_revision(revision_id)


def cancel_revision(revision_id: int, *, by: int, at: datetime) -> None:
    """Give up a revision of which nothing was released; raise NotFound, Conflict("revision_cannot_be_cancelled")."""
    with transaction.atomic():
        revision = locked(revision_id)
        if revision.state not in (RevisionState.COUNTING, RevisionState.COUNTED):
            raise Conflict("revision_cannot_be_cancelled", state=revision.state)
        revision.state = RevisionState.CANCELLED
        revision.save(update_fields=["state"])
        _record("cancelled", revision, at=at, reason="")


def locked(revision_id: int) -> Revision:
    """Return the revision with its row locked; raise NotFound."""
    revision = Revision.objects.select_for_update().filter(pk=revision_id).first()
    if revision is None:
        raise NotFound(revision=revision_id)
    return revision


def _earliest(at: datetime) -> Month:
    today = at.astimezone(MOSCOW).date()
    limit = Policies.from_values(tariffs.policy_values(today)).revision_limit_months
    return max(Month.of(today).plus(-limit), ledger.BEGINNING)


def _refuse_beside_others() -> None:
    """One revision at a time, and never between charging a month and its bills: each builds on what the other left."""
    if Revision.objects.filter(state__in=UNDER_WAY).exists():
        raise Conflict("revision_is_under_way")
    if BillRun.objects.filter(dry=False, state__in=(RunState.NEW, RunState.RATING, RunState.RATED)).exists():
        raise Conflict("run_is_under_way")


def _record(what: str, revision: Revision, *, at: datetime, reason: str) -> None:
    verb = f"billing.revision_{what}"
    data = {
        "first_month": Month.of(revision.first_month).text,
        "scope": revision.scope,
        "cause": revision.cause,
        "percent": revision.percent,
    }
    audit.record(verb, target_kind="revision", target_id=revision.pk, at=at, data=data, reason=reason)
    outbox.record(verb, at=at, payload={"revision": revision.pk, **data})
