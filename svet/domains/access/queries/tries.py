"""Reads of tries to enter, as far as limits count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from svet.domains.access.models import EntryAttempt, LiftedLimit, OneTimeCode
from svet.domains.access.rules import LONGEST_WINDOW


def lifted_at(target: str, *, at: datetime) -> datetime:
    """Return since when tries about the target count: since its limit was lifted, or for the longest window."""
    lifted = LiftedLimit.objects.filter(target=target, at__gt=at - LONGEST_WINDOW).order_by("-at")
    return lifted.values_list("at", flat=True).first() or at - LONGEST_WINDOW


def counted_tries(targets: Sequence[str], *, at: datetime) -> tuple[int, int]:
    """Return how many codes were asked for under these names and how many facts were wrong, as far as limits count."""
    codes = wrong = 0
    for target in targets:
        since = lifted_at(target, at=at)
        codes += OneTimeCode.objects.filter(target=target, created_at__gt=since).count()
        wrong += EntryAttempt.objects.filter(target=target, succeeded=False, at__gt=since).count()
    return codes, wrong
