"""The shipped quiet hours: added where there are none yet, nothing is changed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from svet.domains.notifications.models import QuietHours
from svet.infra import audit
from svet.infra.fields import to_range
from svet.kernel.period import Period

DATA = Path(__file__).parent.parent / "data" / "quiet.yaml"


def load_reference(*, at: datetime) -> int:
    """Add the shipped quiet hours where none were ever kept; return how many rows."""
    document: dict[str, Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    with transaction.atomic():
        if QuietHours.objects.exists():
            return 0
        for row in document["quiet_hours"]:
            period = Period(row["from"], row.get("until"))
            QuietHours.objects.create(
                begins=row["begins"], ends=row["ends"], valid=to_range(period), source=row["source"]
            )
        audit.record("notifications.load_reference", target_kind="reference", target_id="quiet", at=at)
    return len(document["quiet_hours"])
