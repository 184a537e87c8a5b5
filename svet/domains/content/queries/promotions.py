"""Reads of contest entries, for those who judge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from svet.domains.content.models import ContestEntry


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry to a contest."""

    contest: str
    name: str
    contact: str
    text: str
    consent: str
    entered_at: datetime


def entries(*, limit: int = 500) -> list[EntryView]:
    """Return the entries of all contests, the latest first."""
    rows = ContestEntry.objects.select_related("contest").order_by("-entered_at", "-pk")[:limit]
    return [EntryView(row.contest.title, row.name, row.contact, row.text, row.consent, row.entered_at) for row in rows]
