"""Who is away now or soon, and who takes over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from svet.domains.access import queries as access
from svet.domains.cases.models import Absence
from svet.infra.fields import to_period
from svet.kernel.period import Period


@dataclass(frozen=True, slots=True)
class AbsenceView:
    """An absence; without a deputy the cases go back into the queue."""

    name: str
    deputy_name: str
    period: Period
    is_handed_over: bool


def absences(on: date) -> list[AbsenceView]:
    """Return the absences that have not ended before a day, the first to begin first."""
    rows = list(Absence.objects.filter(valid__endswith__gt=on).order_by("valid", "pk"))
    names = access.names_of([*(row.user_id for row in rows), *(row.deputy_id for row in rows)])
    return [
        AbsenceView(
            name=names.get(row.user_id, ""),
            deputy_name=names.get(row.deputy_id or 0, ""),
            period=to_period(row.valid),
            is_handed_over=row.handed_over_at is not None,
        )
        for row in rows
    ]


def deputy_of(user_id: int, *, on: date) -> int | None:
    """Return who stands in for an employee who is away on a day, None where nobody does."""
    return Absence.objects.filter(user_id=user_id, valid__contains=on).values_list("deputy_id", flat=True).first()


def is_away(user_id: int, *, on: date) -> bool:
    """Say whether an employee is away on a day."""
    return Absence.objects.filter(user_id=user_id, valid__contains=on).exists()
