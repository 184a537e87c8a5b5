"""A contact at the desk begins, is given its account, and ends once; what was left is closed as abandoned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from svet.domains.cases.models import ServiceContact
from svet.domains.cases.rules.contacts import SILENCE, ContactChannel, Ending, Settled, Subject, is_abandoned
from svet.infra import audit, outbox
from svet.kernel.errors import Conflict, DomainError, NotFound


def begin_contact(
    operator_id: int, *, channel: ContactChannel, at: datetime, caller_name: str = "", office_code: str = ""
) -> int:
    """Begin a contact whose account is not known yet, ending a running one as switched; return its id.

    A running contact without an account goes on and is returned: pressing the button twice begins nothing twice.
    Raises Conflict("contact_is_running") when another window of the operator began one at the same moment.
    """
    with transaction.atomic():
        running = _running(operator_id)
        if running is not None and running.account_id is None and running.channel == channel:
            return running.pk
        if running is not None:
            close(running, ending=Ending.SWITCHED, at=at)
        return _create(operator_id, channel=channel, at=at, caller_name=caller_name, office_code=office_code).pk


def contact_for(operator_id: int, *, account_id: int, channel: ContactChannel, at: datetime) -> ServiceContact:
    """Return the operator's contact in which the account is identified, beginning it where none can be it."""
    running = _running(operator_id)
    if running is not None and running.account_id in (None, account_id):
        return running
    if running is not None:
        close(running, ending=Ending.SWITCHED, at=at)
    return _create(operator_id, channel=channel, at=at)


def end_contact(
    contact_id: int,
    *,
    operator_id: int,
    subjects: Iterable[Subject],
    settled: Settled,
    at: datetime,
    note: str = "",
) -> None:
    """End the operator's running contact with what it was about and whether that is settled.

    Raises NotFound for a contact that is another's, Conflict("contact_is_ended"), DomainError("subject_is_needed").
    """
    named = list(dict.fromkeys(Subject(one).value for one in subjects))
    if not named:
        raise DomainError("subject_is_needed")
    with transaction.atomic():
        row = ServiceContact.objects.select_for_update().filter(pk=contact_id, operator_id=operator_id).first()
        if row is None:
            raise NotFound(contact=contact_id)
        if row.ended_at is not None:
            raise Conflict("contact_is_ended")
        row.subjects, row.settled, row.note = named, Settled(settled).value, note.strip()[:1000]
        close(row, ending=Ending.FINISHED, at=at)


def close_abandoned(*, at: datetime) -> int:
    """End the contacts that were left, as of their last sign of life; return how many."""
    ended = 0
    with transaction.atomic():
        old = ServiceContact.objects.filter(ended_at__isnull=True, began_at__lte=at - SILENCE)
        for row in old.select_for_update(skip_locked=True):
            last = row.identifications.aggregate(last=Max("at"))["last"] or row.began_at
            if is_abandoned(last_sign_at=last, now=at):
                close(row, ending=Ending.ABANDONED, at=at)
                ended += 1
    return ended


def close(row: ServiceContact, *, ending: Ending, at: datetime) -> None:
    """End the contact, with audit and fact, inside the transaction that locked it."""
    row.ended_at, row.ending = max(at, row.began_at), ending.value
    row.save()
    facts = {"ending": row.ending, "subjects": row.subjects, "settled": row.settled}
    audit.record(
        "cases.end_contact", target_kind="contact", target_id=row.pk, at=at, account_id=row.account_id, data=facts
    )
    outbox.record("cases.contact_ended", at=at, account_id=row.account_id, payload={"contact_id": row.pk, **facts})


def _running(operator_id: int) -> ServiceContact | None:
    return ServiceContact.objects.select_for_update().filter(operator_id=operator_id, ended_at__isnull=True).first()


def _create(
    operator_id: int, *, channel: ContactChannel, at: datetime, caller_name: str = "", office_code: str = ""
) -> ServiceContact:
    try:
        with transaction.atomic():
            row = ServiceContact.objects.create(
                operator_id=operator_id,
                channel=ContactChannel(channel),
                began_at=at,
                caller_name=caller_name.strip()[:300],
                office_code=office_code,
            )
    except IntegrityError as error:
        raise Conflict("contact_is_running") from error
    audit.record("cases.begin_contact", target_kind="contact", target_id=row.pk, at=at, data={"channel": row.channel})
    return row
