"""Entries to contests, with the consent that was given."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from svet.domains.content.models import ContestEntry, NewsPage
from svet.infra import audit
from svet.infra.clock import MOSCOW
from svet.kernel.errors import Conflict, DomainError, NotFound


def enter_contest(
    page_id: int, *, name: str, contact: str, text: str, consent: str, request_key: str, at: datetime
) -> None:
    """Keep an entry to a contest that runs; the same form sent again is the same entry.

    Raises NotFound, DomainError("contest_is_over"), DomainError("consent_is_needed"), Conflict("entered_already").
    """
    if not consent:
        raise DomainError("consent_is_needed")
    on = at.astimezone(MOSCOW).date()
    with transaction.atomic():
        page = NewsPage.objects.live().select_for_update(of=("self",)).filter(pk=page_id, kind="contest").first()
        if page is None or page.starts_on > on:
            raise NotFound("no_such_contest")
        if ContestEntry.objects.filter(contest=page, request_key=request_key).exists():
            return
        if page.ends_on is not None and page.ends_on < on:
            raise DomainError("contest_is_over")
        try:
            with transaction.atomic():
                entry = ContestEntry.objects.create(
                    contest=page,
                    request_key=request_key,
                    name=name,
                    contact=contact.strip().lower(),
                    text=text,
                    consent=consent,
                    entered_at=at,
                )
        except IntegrityError as error:
            raise Conflict("entered_already") from error
        audit.record("content.enter_contest", target_kind="contest_entry", target_id=entry.pk, at=at)
