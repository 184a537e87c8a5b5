"""The shipped services, terms and privileges of the hall: what is absent is added, nothing is changed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from svet.domains.visits.models import HallTerms, Privilege, Series
from svet.infra import audit
from svet.infra.fields import to_range
from svet.kernel.period import Period

DATA = Path(__file__).resolve().parents[1] / "data" / "hall.yaml"


def load_reference(*, at: datetime) -> int:
    """Add the shipped services, terms and privileges that are not there yet; return how many."""
    document: dict[str, Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    with transaction.atomic():
        services = set(Series.objects.values_list("code", flat=True))
        letters = set(Series.objects.values_list("letter", flat=True))
        privileges = set(Privilege.objects.values_list("code", flat=True))
        new = [row for row in document["series"] if row["code"] not in services and row["letter"] not in letters]
        added = len(Series.objects.bulk_create(Series(**row) for row in new))
        others = [row for row in document["privileges"] if row["code"] not in privileges]
        added += len(Privilege.objects.bulk_create(Privilege(**row) for row in others))
        if not HallTerms.objects.exists():
            terms = dict(document["terms"])
            HallTerms.objects.create(valid=to_range(Period(terms.pop("from"))), **terms)
            added += 1
        if added:
            audit.record("visits.load_reference", target_kind="reference", target_id="hall", at=at)
    return added
