"""Whether anything changed that strangers see on the site: one cheap question that all processes answer alike.

Triggers on the tables of public pages leave a mark in the transaction of the change (`flows/migrations`), so whoever
changed them, and by what, the mark becomes visible at the very moment of the change itself. No row is shared by two
transactions: nobody waits for another's change.
"""

from __future__ import annotations

from datetime import datetime

from svet.infra.models import SiteChange
from svet.infra.planned import planned_rows


def token() -> str:
    """Return what is the same as long as nothing changed. Ask before reading what is to be kept under it."""
    return str(planned_rows("SELECT coalesce(sum(mark), 0) FROM infra_site_change", ())[0][0])


def forget(*, before: datetime) -> int:
    """Forget marks older than the moment, which makes one new token; return how many."""
    return SiteChange.objects.filter(at__lt=before).delete()[0]
