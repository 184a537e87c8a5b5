"""Which accounts a meter has served: search by what is stamped on it."""

from __future__ import annotations

from django.db.models import F
from django.db.models.functions import Lower

from svet.domains.accounts.models import Agreement
from svet.domains.metering.models import Installation


def accounts_by_serial(serial: str, *, limit: int) -> list[int]:
    """Return the accounts at whose supply point a meter of this number hangs or hung, the latest first."""
    places = Installation.objects.filter(meter__serial=serial).annotate(from_on=Lower("valid"))
    points = list(places.order_by(F("from_on").desc()).values_list("supply_point_id", flat=True)[:limit])
    rows = Agreement.objects.filter(supply_point_id__in=points).order_by("-valid")
    return list(dict.fromkeys(rows.values_list("account_id", flat=True)[:limit]))
