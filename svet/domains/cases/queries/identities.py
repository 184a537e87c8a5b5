"""Identifications: whether one still opens its card, how many comparisons failed of late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from svet.domains.cases.models import Identification
from svet.domains.cases.rules.identity import OPEN_FOR, TRIES_WITHIN, Outcome, Tries


@dataclass(frozen=True, slots=True)
class Entry:
    """What opens a card: the purpose of looks, the contact in which they happen (None for inner work)."""

    purpose: str
    contact_id: int | None


def entry(identification_id: int, *, operator_id: int, number: str, at: datetime) -> Entry | None:
    """Return the entry while it holds: confirmed, this operator's, this account's, fresh, its contact running."""
    found = (
        Identification.objects.filter(
            Q(contact__isnull=True) | Q(contact__ended_at__isnull=True),
            pk=identification_id,
            operator_id=operator_id,
            account__number=number,
            outcome=Outcome.CONFIRMED,
            at__gt=at - OPEN_FOR,
        )
        .values_list("purpose", "contact_id")
        .first()
    )
    return None if found is None else Entry(*found)


def tries(account_id: int, *, operator_id: int, at: datetime) -> Tries:
    """Return how many comparisons failed within TRIES_WITHIN, on the account and by the operator."""
    failed = Identification.objects.filter(outcome=Outcome.NOT_CONFIRMED, at__gt=at - TRIES_WITHIN)
    of_account = failed.filter(account_id=account_id).aggregate(
        by_all=Count("pk"), by_one=Count("pk", filter=Q(operator_id=operator_id))
    )
    return Tries(
        on_account_by_one=of_account["by_one"],
        on_account=of_account["by_all"],
        by_one=failed.filter(operator_id=operator_id).count(),
    )
