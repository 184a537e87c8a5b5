"""Reads of the log of looks at personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.db.models.functions import TruncHour

from svet.domains.access.models import PersonalDataLook
from svet.domains.access.queries.people import full_name
from svet.domains.access.rules import Looked, LookPurpose
from svet.infra.clock import MOSCOW


@dataclass(frozen=True, slots=True)
class Look:
    """One look at an account's personal data."""

    at: datetime
    user_id: int
    user_name: str
    account_id: int
    purpose: str
    page: str
    request_id: str


def looks(
    *,
    account_id: int | None = None,
    user_id: int | None = None,
    before: datetime | None = None,
    one_by_one: bool = False,
    limit: int = 100,
) -> list[Look]:
    """Return looks, newest first, of one account or one member of staff when named, earlier than `before`.

    `one_by_one` leaves out those that an export of the register made at all its accounts.
    """
    rows = PersonalDataLook.objects.select_related("user").order_by("-at", "-pk")
    if one_by_one:
        rows = rows.exclude(purpose=LookPurpose.REGISTER_EXPORT)
    if account_id is not None:
        rows = rows.filter(account_id=account_id)
    if user_id is not None:
        rows = rows.filter(user_id=user_id)
    if before is not None:
        rows = rows.filter(at__lt=before)
    return [
        Look(
            at=row.at,
            user_id=row.user_id,
            user_name=full_name(row.user),
            account_id=row.account_id,
            purpose=row.purpose,
            page=row.page,
            request_id=row.request_id,
        )
        for row in rows[:limit]
    ]


def looked(*, since: datetime) -> list[Looked]:
    """Return who looked at which account within which hour of Moscow since then; a row for each, however many looks.

    Exports of the register are left out: whoever makes one opens no account.
    """
    single = PersonalDataLook.objects.filter(at__gte=since).exclude(purpose=LookPurpose.REGISTER_EXPORT)
    rows = single.annotate(hour=TruncHour("at", tzinfo=MOSCOW))
    grouped = rows.values_list("user_id", "account_id", "hour").annotate(in_contacts=Count("contact_id")).order_by()
    return [
        Looked(user_id=user_id, account_id=account_id, hour=hour.astimezone(MOSCOW), alone=in_contacts == 0)
        for user_id, account_id, hour, in_contacts in grouped
    ]
