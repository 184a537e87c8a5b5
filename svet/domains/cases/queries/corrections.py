"""Corrections (recalculations of bills) that hang on the matter of a case; what they are is known to billing."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery

from svet.domains.cases.models import Case, MatterPart
from svet.domains.cases.queries.status import matter_of_case
from svet.domains.cases.rules.matters import Part
from svet.domains.cases.rules.register import OPEN_STATES


def account_of_case(case_id: int) -> int | None:
    """Return the account that a case is about, None where none is known."""
    return Case.objects.filter(pk=case_id).values_list("account_id", flat=True).first()


def corrections_of(case_id: int) -> list[int]:
    """Return the ids of the corrections that hang on the matter of a case."""
    matter_id = matter_of_case(case_id)
    latest = MatterPart.objects.filter(part=Part.CORRECTION, part_id=OuterRef("part_id")).order_by("-pk")
    parts = MatterPart.objects.filter(part=Part.CORRECTION, matter_id=matter_id)
    return list(parts.filter(pk=Subquery(latest.values("pk")[:1])).values_list("part_id", flat=True))


def cases_of_correction(part_id: int, *, account_id: int) -> list[int]:
    """Return the open cases of an account on whose matter a correction hangs."""
    last = MatterPart.objects.filter(part=Part.CORRECTION, part_id=part_id).order_by("-pk").first()
    if last is None:
        return []
    rows = Case.objects.filter(matter_id=last.matter_id, account_id=account_id, state__in=OPEN_STATES)
    return list(rows.order_by("pk").values_list("pk", flat=True))
