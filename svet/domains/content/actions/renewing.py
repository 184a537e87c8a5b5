"""Facts after which pages must be read again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from svet.domains.content.models import Happened
from svet.domains.content.rules import EVENTS


def note_happened(fact: str, *, at: datetime) -> None:
    """Note that a fact happened on which some page depends; others and earlier ones are passed over."""
    if fact not in EVENTS:
        return
    with transaction.atomic():
        Happened.objects.get_or_create(fact=fact, defaults={"last_at": at})
        Happened.objects.filter(fact=fact, last_at__lt=at).update(last_at=at)
