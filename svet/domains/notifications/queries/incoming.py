"""Reads of SMS that came: those of an account, those of a state, the question of a phone that waits for its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from svet.domains.notifications.models import IncomingSms
from svet.domains.notifications.queries.outgoing import MessageView, as_message
from svet.domains.notifications.rules import SmsState
from svet.domains.notifications.rules.incoming import LONGEST_WINDOW


@dataclass(frozen=True, slots=True)
class SmsView:
    """An SMS that came and what became of it; `answer` is what was written back."""

    id: int
    external_id: str
    phone: str
    text: str
    is_whole: bool
    received_at: datetime
    state: str
    outcome: str
    account_id: int | None
    facts: Mapping[str, Any]
    receipt_number: str
    asked_until: datetime | None
    decided_at: datetime | None
    answer: MessageView | None


def waiting_sms(*, limit: int = 500) -> list[int]:
    """Return the SMS that nobody has read yet, the oldest first."""
    return list(IncomingSms.objects.filter(state=SmsState.NEW).order_by("pk").values_list("pk", flat=True)[:limit])


def asked_sms(phone: str) -> SmsView | None:
    """Return the last question to this phone that waits for a "yes", also one whose time is over."""
    row = IncomingSms.objects.filter(phone=phone, state=SmsState.ASKED).order_by("-pk").first()
    return None if row is None else as_sms(row)


def earlier_from(phone: str, *, before_id: int, at: datetime) -> list[tuple[datetime, str]]:
    """Return the moments and texts of what the phone sent in the last day before this SMS."""
    rows = IncomingSms.objects.filter(phone=phone, pk__lt=before_id, received_at__gt=at - LONGEST_WINDOW)
    return list(rows.order_by("-pk").values_list("received_at", "text")[:200])


def sms_of(account_id: int, *, limit: int = 200) -> tuple[SmsView, ...]:
    """Return the newest SMS that concern this account, newest first."""
    rows = IncomingSms.objects.filter(account_id=account_id).select_related("answer")
    return tuple(as_sms(row) for row in rows.order_by("-received_at", "-pk")[:limit])


def sms_page(
    *, states: Sequence[str] = (), phone: str = "", limit: int = 50, offset: int = 0
) -> tuple[list[SmsView], int]:
    """Return SMS of these states (all when none is named) and digits of the phone, newest first, and their count."""
    rows = IncomingSms.objects.select_related("answer")
    if states:
        rows = rows.filter(state__in=states)
    if phone:
        rows = rows.filter(phone__contains=phone)
    page = rows.order_by("-received_at", "-pk")[offset : offset + limit]
    return [as_sms(row) for row in page], rows.count()


def sms_counts() -> dict[str, int]:
    """Return how many SMS of each state there are."""
    return dict(IncomingSms.objects.values_list("state").annotate(Count("pk")).order_by("state"))


def as_sms(row: IncomingSms) -> SmsView:
    """Return the view of a row."""
    return SmsView(
        id=row.pk,
        external_id=row.external_id,
        phone=row.phone,
        text=row.text,
        is_whole=row.is_whole,
        received_at=row.received_at,
        state=row.state,
        outcome=row.outcome,
        account_id=row.account_id,
        facts=row.facts,
        receipt_number=row.receipt_number,
        asked_until=row.asked_until,
        decided_at=row.decided_at,
        answer=None if row.answer is None else as_message(row.answer),
    )
