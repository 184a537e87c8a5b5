"""Exceptions of hours: added with a reason that the public reads, withdrawn with a reason for the journal."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from svet.domains.offices.models import HoursException, Office
from svet.domains.offices.rules.opening import Exceptional
from svet.infra import audit, outbox
from svet.infra.fields import to_period, to_range
from svet.infra.locking import lock_names
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.kernel.period import Period

LONGEST_DAYS = 366
ONE_AT_A_TIME = "offices.exceptions"


def add_exception(wanted: Exceptional, *, by: int, at: datetime) -> int:
    """Make the hours of some days other than the week says; return the exception's id.

    Raises DomainError("exception_without_reason"), ("exception_ends_before_it_begins"), ("exception_is_too_long"),
    ("exception_is_past"), ("exception_has_wrong_hours"); NotFound("no_such_office"); Conflict("exception_overlaps").
    """
    _check(wanted, at=at)
    valid = Period(wanted.first_on, wanted.last_on + timedelta(days=1))
    with transaction.atomic():
        lock_names(ONE_AT_A_TIME)
        if wanted.office_id is not None and not Office.objects.filter(pk=wanted.office_id).exists():
            raise NotFound("no_such_office", office=wanted.office_id)
        whose = Q(office=None) if wanted.office_id is None else Q(office_id=wanted.office_id)
        same = HoursException.objects.filter(whose, audience=wanted.audience or "")
        if same.filter(valid__overlap=to_range(valid)).exists():
            raise Conflict("exception_overlaps")
        row = HoursException.objects.create(
            office_id=wanted.office_id,
            audience=wanted.audience or "",
            valid=to_range(valid),
            opens_at=wanted.opens_at,
            closes_at=wanted.closes_at,
            reason=wanted.reason.strip(),
        )
        _tell("added", row, by=by, at=at, reason=row.reason)
    return row.pk


def withdraw_exception(exception_id: int, *, reason: str, by: int, at: datetime) -> None:
    """Take an exception back; its former row stays in the history. Raises DomainError("withdrawal_needs_a_reason")."""
    if not reason.strip():
        raise DomainError("withdrawal_needs_a_reason")
    with transaction.atomic():
        lock_names(ONE_AT_A_TIME)
        row = HoursException.objects.filter(pk=exception_id).first()
        if row is None:
            raise NotFound("no_such_exception", exception=exception_id)
        _tell("withdrawn", row, by=by, at=at, reason=reason.strip())
        row.delete()


def _check(wanted: Exceptional, *, at: datetime) -> None:
    if not wanted.reason.strip():
        raise DomainError("exception_without_reason")
    if wanted.last_on < wanted.first_on:
        raise DomainError("exception_ends_before_it_begins")
    if (wanted.last_on - wanted.first_on).days >= LONGEST_DAYS:
        raise DomainError("exception_is_too_long", days=LONGEST_DAYS)
    if wanted.last_on < at.date():
        raise DomainError("exception_is_past")
    opens, closes = wanted.opens_at, wanted.closes_at
    if (opens is None) != (closes is None) or (opens is not None and closes is not None and opens >= closes):
        raise DomainError("exception_has_wrong_hours")


def _tell(how: str, row: HoursException, *, by: int, at: datetime, reason: str) -> None:
    days = to_period(row.valid)
    data = {
        "office": row.office_id,
        "audience": row.audience,
        "first_on": str(days.start),
        "last_on": str(days.last_on),
        "hours": f"{row.opens_at:%H:%M}–{row.closes_at:%H:%M}" if row.opens_at and row.closes_at else "",
        "by": by,
    }
    audit.record(
        f"offices.exception_{how}", target_kind="hours_exception", target_id=row.pk, at=at, data=data, reason=reason
    )
    outbox.record("offices.hours_changed", at=at, payload={"office": row.office_id, "how": how})
