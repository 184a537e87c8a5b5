"""Disclosures: asked for by owners, made by a job, taken by who asked alone, destroyed after some days.

Each step is in the audit. Who lost an account meanwhile does not get the file that holds it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from svet.domains.accounts.models import AccountGrant, Disclosure, DisclosureFile
from svet.domains.accounts.queries.disclosures import DisclosureView, as_disclosure
from svet.domains.accounts.rules import DISCLOSURE_DAYS, UNFINISHED, DisclosureState, GrantRole
from svet.infra import audit
from svet.infra.clock import MOSCOW
from svet.infra.jobs import defer_once
from svet.infra.locking import lock_row
from svet.kernel.errors import NotAllowed, NotFound

MAKER = "make_disclosure"
"""The name of the job that makes one (surfaces/cabinet/jobs.py)."""
QUEUE = "disclosures"
STUCK = timedelta(minutes=10)
"""After so long without progress a disclosure is begun again: its worker was killed."""


def request_disclosure(user_id: int, *, at: datetime) -> DisclosureView:
    """Begin a disclosure of all the person owns; who waits for one already gets that one.

    Raises NotAllowed when the person owns no account.
    """
    with transaction.atomic():
        lock_row("access_user", user_id)
        waiting = Disclosure.objects.filter(user_id=user_id, state__in=UNFINISHED).first()
        if waiting is not None:
            return as_disclosure(waiting)
        owned = sorted(_owned(user_id, on=at.astimezone(MOSCOW).date()))
        if not owned:
            raise NotAllowed(user_id=user_id)
        row = Disclosure.objects.create(user_id=user_id, account_ids=owned, requested_at=at, moved_at=at)
        _record("requested", row, at=at)
        _enqueue(row.pk)
    return as_disclosure(row)


def note_progress(disclosure_id: int, *, done: int, at: datetime) -> None:
    """Note how many parts are made."""
    Disclosure.objects.filter(pk=disclosure_id, state__in=UNFINISHED).update(
        state=DisclosureState.MAKING, done=done, moved_at=at
    )


def finish_disclosure(disclosure_id: int, *, content: bytes, at: datetime) -> None:
    """Keep the finished file for some days in place of earlier ones; a second time changes nothing. Raise NotFound."""
    with transaction.atomic():
        row = _locked(disclosure_id)
        if row.state not in UNFINISHED:
            return
        row.state, row.done, row.finished_at, row.moved_at = DisclosureState.READY, len(row.account_ids) + 1, at, at
        row.expires_at = at + timedelta(days=DISCLOSURE_DAYS)
        row.save(update_fields=["state", "done", "finished_at", "moved_at", "expires_at"])
        for earlier in Disclosure.objects.filter(user_id=row.user_id, state=DisclosureState.READY).exclude(pk=row.pk):
            _destroy(earlier, at=at)
        DisclosureFile.objects.create(disclosure=row, content=content)
        _record("finished", row, at=at)


def fail_disclosure(disclosure_id: int, *, error: str, at: datetime) -> None:
    """Note that it cannot be made, so that its owner may ask again. Raise NotFound."""
    with transaction.atomic():
        row = _locked(disclosure_id)
        if row.state not in UNFINISHED:
            return
        row.state, row.error, row.finished_at = DisclosureState.FAILED, error[:200], at
        row.save(update_fields=["state", "error", "finished_at"])
        _record("failed", row, at=at)


def take_disclosure(disclosure_id: int, *, user_id: int, at: datetime) -> bytes:
    """Hand the file to who asked for it and record that; raise NotFound for anybody else, and when it is gone.

    A person who no longer owns every account in it does not get it either.
    """
    with transaction.atomic():
        row = Disclosure.objects.filter(pk=disclosure_id, user_id=user_id, state=DisclosureState.READY).first()
        if row is None or row.expires_at is None or row.expires_at <= at:
            raise NotFound(disclosure=disclosure_id)
        if not set(row.account_ids) <= _owned(user_id, on=at.astimezone(MOSCOW).date()):
            raise NotFound(disclosure=disclosure_id)
        _record("taken", row, at=at)
        return bytes(DisclosureFile.objects.get(disclosure=row).content)


def expire_disclosures(*, at: datetime) -> int:
    """Destroy the files whose days are over; return how many."""
    over = list(Disclosure.objects.filter(state=DisclosureState.READY, expires_at__lte=at).values_list("pk", flat=True))
    for disclosure_id in over:
        with transaction.atomic():
            row = _locked(disclosure_id)
            if row.state == DisclosureState.READY:
                _destroy(row, at=at)
    return len(over)


def restart_disclosures(*, at: datetime) -> int:
    """Put those that stand still into the queue again; return how many."""
    stuck = Disclosure.objects.filter(state__in=UNFINISHED, moved_at__lte=at - STUCK).values_list("pk", flat=True)
    return sum(_enqueue(disclosure_id) for disclosure_id in stuck)


def _owned(user_id: int, *, on: date) -> set[int]:
    grants = AccountGrant.objects.filter(user_id=user_id, role=GrantRole.OWNER, valid__contains=on)
    return set(grants.values_list("account_id", flat=True))


def _locked(disclosure_id: int) -> Disclosure:
    lock_row("accounts_disclosure", disclosure_id)
    return Disclosure.objects.get(pk=disclosure_id)


def _destroy(row: Disclosure, *, at: datetime) -> None:
    DisclosureFile.objects.filter(disclosure=row).delete()
    row.state = DisclosureState.EXPIRED
    row.save(update_fields=["state"])
    _record("expired", row, at=at)


def _enqueue(disclosure_id: int) -> bool:
    return defer_once(MAKER, queue=QUEUE, queueing_lock=f"{MAKER}-{disclosure_id}", disclosure_id=disclosure_id)


def _record(what: str, row: Disclosure, *, at: datetime) -> None:
    data = {"user_id": row.user_id, "account_ids": row.account_ids}
    audit.record(f"accounts.disclosure_{what}", target_kind="disclosure", target_id=row.pk, at=at, data=data)
