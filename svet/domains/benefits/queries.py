"""Benefits as others read them: kinds in force, the entitlements of an account, and their rows for the engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from svet.domains.benefits.models import BenefitKind, Entitlement, EntitlementEnd
from svet.domains.benefits.rules import BenefitForm, Covers, Terms, last_day_out
from svet.infra.fields import to_period
from svet.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class KindView:
    """A kind of benefit with the terms of a day, by which law; `papers` prove the right, empty where nobody said."""

    code: str
    name: str
    law: str
    source: str
    terms: Terms
    papers: str


@dataclass(frozen=True, slots=True)
class EndView:
    """An end that was recorded; `undone_reason` is empty while it stands."""

    id: int
    ended_on: date
    reason: str
    recorded_at: datetime
    undone_reason: str


@dataclass(frozen=True, slots=True)
class EntitlementView:
    """Somebody's right to a benefit. `out_on` is the first day without it, None while nobody knows of an end."""

    id: int
    account_id: int
    supply_point_id: int
    kind: KindView
    holder: str
    document: str
    people: int
    from_on: date
    until_on: date | None
    reason: str
    recorded_at: datetime
    recorded_by: int | None
    ends: tuple[EndView, ...]
    undone_reason: str

    @property
    def end(self) -> EndView | None:
        """The end that stands."""
        return next((one for one in self.ends if not one.undone_reason), None)

    @property
    def out_on(self) -> date | None:
        """The first day on which it no longer holds."""
        return last_day_out(until_on=self.until_on, ended_on=self.end.ended_on if self.end else None)

    def holds(self, on: date) -> bool:
        """Say whether it holds on a day."""
        return not self.undone_reason and self.from_on <= on and (self.out_on is None or on < self.out_on)


def kinds(*, on: date) -> list[KindView]:
    """Return the kinds of benefits in force on a day, by name."""
    return [_kind(row) for row in BenefitKind.objects.filter(valid__contains=on).order_by("name", "code")]


def entitlements_of(account_id: int) -> list[EntitlementView]:
    """Return the account's entitlements, the latest first, those undone too."""
    return _views(Entitlement.objects.filter(account_id=account_id).order_by("-from_on", "-pk"))


def entitlement(account_id: int, entitlement_id: int) -> EntitlementView:
    """Return one entitlement; raise NotFound, also for another account's."""
    found = _views(Entitlement.objects.filter(account_id=account_id, pk=entitlement_id))
    if not found:
        raise NotFound(entitlement=entitlement_id)
    return found[0]


def entitlement_of_request(account_id: int, *, request_key: str) -> EntitlementView | None:
    """Return the entitlement that this request has made, None while it has made none."""
    return next(iter(_views(Entitlement.objects.filter(account_id=account_id, request_key=request_key))), None)


def _views(rows: Iterable[Entitlement]) -> list[EntitlementView]:
    found = list(rows)
    if not found:
        return []
    ends: dict[int, list[EndView]] = {}
    for end in EntitlementEnd.objects.filter(entitlement__in=found).select_related("undone").order_by("-pk"):
        undone = end.undone.reason if hasattr(end, "undone") else ""
        ends.setdefault(end.entitlement_id, []).append(
            EndView(end.pk, end.ended_on, end.reason, end.recorded_at, undone)
        )
    undone_rows = dict(
        Entitlement.objects.filter(pk__in=[one.pk for one in found], undone__isnull=False).values_list(
            "pk", "undone__reason"
        )
    )
    known: dict[str, list[BenefitKind]] = {}
    for kind in BenefitKind.objects.filter(code__in={one.kind_code for one in found}).order_by("valid"):
        known.setdefault(kind.code, []).append(kind)
    return [
        EntitlementView(
            id=row.pk,
            account_id=row.account_id,
            supply_point_id=row.supply_point_id,
            kind=_kind(_on(known[row.kind_code], row.from_on)),
            holder=row.holder,
            document=row.document,
            people=row.people,
            from_on=row.from_on,
            until_on=row.until_on,
            reason=row.reason,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
            ends=tuple(ends.get(row.pk, ())),
            undone_reason=undone_rows.get(row.pk, ""),
        )
        for row in found
    ]


def _on(rows: list[BenefitKind], day: date) -> BenefitKind:
    """Return the terms of the day, else the earliest."""
    return next((row for row in rows if day in to_period(row.valid)), rows[0])


def _kind(row: BenefitKind) -> KindView:
    terms = Terms(
        form=BenefitForm(row.form),
        covers=Covers(row.covers),
        percent=row.percent,
        kwh=row.kwh,
        roubles=row.roubles,
        is_per_person=row.is_per_person,
        is_share=row.is_share,
    )
    return KindView(row.code, row.name, row.law, row.source, terms, row.papers)


ENTITLEMENTS_SQL = """
SELECT x.account_id, x.supply_point_id, x.id, k.form, (k.percent * 100)::bigint, k.covers, (k.kwh * 1000)::bigint,
       (k.roubles * 100)::bigint, k.is_per_person, k.is_share, x.people, greatest(x.from_on, lower(k.valid)),
       least(x.until_on, e.ended_on, upper(k.valid))
  FROM benefits_entitlement x
  LEFT JOIN LATERAL (
        SELECT d.ended_on FROM benefits_end d
         WHERE d.entitlement_id = x.id
           AND NOT EXISTS (SELECT 1 FROM benefits_end_undone u WHERE u.end_id = d.id)) AS e ON true
  JOIN benefits_kind k
    ON k.code = x.kind_code AND k.valid && daterange(x.from_on, least(x.until_on, e.ended_on))
 WHERE x.account_id BETWEEN %(first)s AND %(last)s AND x.from_on < %(next_on)s
   AND coalesce(least(x.until_on, e.ended_on), %(next_on)s) > greatest(%(prior_on)s, x.from_on)
   AND NOT EXISTS (SELECT 1 FROM benefits_undone n WHERE n.entitlement_id = x.id)
"""
"""The entitlements of a range of accounts in the columns that billing declares; by the name of each parameter."""
