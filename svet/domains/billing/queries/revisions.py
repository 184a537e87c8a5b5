"""Revisions while they are counted, looked at and released; and what their work asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import Count
from django.db.models.functions import Abs

from svet.domains.billing.models import RevisedAccount, RevisedMonth, Revision
from svet.domains.billing.queries.inputs import STANDING, accounts_sql
from svet.domains.billing.rules import revising
from svet.domains.billing.rules.revising import Impact, RevisedState, RevisionCause, RevisionState
from svet.infra.copying import copy_out
from svet.kernel.errors import NotFound
from svet.kernel.period import Month

LAST = Month("2999-12")


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A revision: `done` of `account_count` are counted; `states` say what became of the accounts."""

    revision_id: int
    first_month: Month
    scope: str
    cause: RevisionCause
    reason: str
    beyond_limit_reason: str
    state: RevisionState
    account_count: int
    percent: int
    totals: dict[str, Any]
    asked_at: datetime
    asked_by: int | None
    released_by: int | None
    taken_back_reason: str
    states: dict[RevisedState, int]

    @property
    def done(self) -> int:
        """How many accounts are counted."""
        return sum(self.states.values())

    @property
    def changing(self) -> int:
        """How many accounts it changes."""
        still = (RevisedState.SAME, RevisedState.HELD)
        return sum(count for state, count in self.states.items() if state not in still)

    @property
    def settled(self) -> int:
        """How many of them the work at hand is done with."""
        waiting = RevisedState.RELEASED if self.state is RevisionState.TAKING_BACK else RevisedState.COUNTED
        return self.changing - self.states.get(waiting, 0)

    @property
    def is_moving(self) -> bool:
        """Whether a worker is at it."""
        return self.state in (RevisionState.COUNTING, RevisionState.RELEASING, RevisionState.TAKING_BACK)


@dataclass(frozen=True, slots=True)
class RevisedMonthView:
    """A charge of a revised account: kWh and roubles as they were and as they become."""

    month: Month
    was_kwh: Decimal
    was: Decimal
    becomes_kwh: Decimal
    becomes: Decimal


@dataclass(frozen=True, slots=True)
class RevisedAccountView:
    """One account of a revision: roubles and kWh, plus = the customer owes more."""

    account_number: str
    state: RevisedState
    difference: Decimal
    kwh: Decimal
    findings: tuple[dict[str, Any], ...]
    months: tuple[RevisedMonthView, ...] = ()


def revisions(*, limit: int = 50) -> list[RevisionView]:
    """Return revisions, the latest first."""
    rows = list(Revision.objects.order_by("-pk")[:limit])
    counts: dict[int, dict[RevisedState, int]] = {}
    grouped = RevisedAccount.objects.filter(revision__in=rows).values_list("revision_id", "state").annotate(Count("pk"))
    for revision_id, state, count in grouped:
        counts.setdefault(revision_id, {})[RevisedState(state)] = count
    return [_view(row, counts.get(row.pk, {})) for row in rows]


def revision(revision_id: int) -> RevisionView:
    """Return one revision; raise NotFound."""
    row = Revision.objects.filter(pk=revision_id).first()
    if row is None:
        raise NotFound(revision=revision_id)
    grouped = RevisedAccount.objects.filter(revision=row).values_list("state").annotate(Count("pk"))
    return _view(row, {RevisedState(state): count for state, count in grouped})


def unfinished_revisions() -> list[int]:
    """Return the revisions that wait for a worker."""
    states = (RevisionState.COUNTING, RevisionState.RELEASING, RevisionState.TAKING_BACK)
    return list(Revision.objects.filter(state__in=states).order_by("pk").values_list("pk", flat=True))


def revised_accounts(revision_id: int, *, states: Sequence[RevisedState], limit: int) -> list[RevisedAccountView]:
    """Return accounts in these states, the largest differences (of either sign) first."""
    rows = (
        RevisedAccount.objects.filter(revision_id=revision_id, state__in=list(states))
        .select_related("account")
        .order_by(Abs("difference").desc(), "account_id")[:limit]
    )
    return [_account(row) for row in rows]


def sample_revised(revision_id: int) -> list[RevisedAccountView]:
    """Return accounts to look at closely, each with its months: the ends, the middle and the quarters."""
    states = (RevisedState.COUNTED, RevisedState.RELEASED)
    rows = RevisedAccount.objects.filter(revision_id=revision_id, state__in=states).order_by("difference", "account_id")
    count = rows.count()
    places = sorted({0, count // 4, count // 2, count * 3 // 4, count - 1}) if count else []
    chosen = [rows.select_related("account")[place] for place in places]
    months: dict[int, list[RevisedMonthView]] = {}
    for one in RevisedMonth.objects.filter(
        revision_id=revision_id, account_id__in=[row.account_id for row in chosen]
    ).order_by("month", "supply_point_id"):
        months.setdefault(one.account_id, []).append(
            RevisedMonthView(Month.of(one.month), one.was_kwh, one.was, one.becomes_kwh, one.becomes)
        )
    return [_account(row, months.get(row.account_id, [])) for row in chosen]


def revision_impact(revision_id: int) -> Impact:
    """Return what a counted revision comes to."""
    frame = copy_out(
        "SELECT state, (difference * 100)::bigint AS kop FROM billing_revised_account WHERE revision_id = %s",
        [revision_id],
        schema={"state": pl.String, "kop": pl.Int64},
    )
    unchanged = (RevisedState.SAME.value, RevisedState.HELD.value)
    return revising.impact(
        frame.filter(~pl.col("state").is_in(unchanged))["kop"],
        accounts=frame.height,
        held=frame.filter(pl.col("state") == RevisedState.HELD.value).height,
    )


def accounts_to_revise(first_month: Month, *, scope: str) -> int:
    """Return how many accounts of the scope are charged for `first_month` or later."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({_accounts_query(scope)}) a", _words(first_month, scope))  # noqa: S608
        return int(cursor.fetchone()[0])


def next_to_revise(revision_id: int, *, limit: int) -> list[int]:
    """Return the next accounts of the revision that are not counted yet, by id."""
    row = Revision.objects.get(pk=revision_id)
    last = RevisedAccount.objects.filter(revision=row).order_by("-account_id").values_list("account_id", flat=True)
    query = f"{_accounts_query(row.scope)} AND a.id > %(after)s ORDER BY a.id LIMIT %(limit)s"
    words = _words(Month.of(row.first_month), row.scope) | {"after": last.first() or 0, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(query, words)
        return [one for (one,) in cursor.fetchall()]


def charged_since(first_month: Month, accounts: Sequence[int]) -> list[Month]:
    """Return the months from `first_month` on for which any of the accounts has a standing charge, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT c.month FROM billing_charge c WHERE c.account_id = ANY(%s) AND c.month >= %s"  # noqa: S608
            f" AND {STANDING} ORDER BY c.month",
            [list(accounts), first_month.first_on],
        )
        return [Month.of(day) for (day,) in cursor.fetchall()]


def standing_charges(accounts: Sequence[int], *, month: Month) -> pl.DataFrame:
    """Return the standing charges of the accounts for the month, in the columns `revising.STANDING`."""
    return copy_out(
        "SELECT c.id AS charge_id, c.account_id, c.supply_point_id, (c.kwh * 1000)::bigint AS wh,"  # noqa: S608
        " (c.amount * 100)::bigint AS amount_kop FROM billing_charge c"
        f" WHERE c.account_id = ANY(%(accounts)s::bigint[]) AND c.month = %(month)s AND {STANDING}",
        {"accounts": list(accounts), "month": month.first_on},
        schema=revising.STANDING,
    )


def relied_on(revision_id: int, accounts: Sequence[int]) -> list[int]:
    """Return those of the accounts whose revision cannot simply be taken back.

    Their revised energy carries later charges, or a month of theirs was charged anew once more since.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RELIED_ON, {"revision": revision_id, "accounts": list(accounts)})
        return [one for (one,) in cursor.fetchall()]


_RELIED_ON = """
SELECT DISTINCT a.account_id FROM billing_revised_account a
  JOIN billing_revised_month m ON m.revision_id = a.revision_id AND m.account_id = a.account_id
 WHERE a.revision_id = %(revision)s AND a.account_id = ANY(%(accounts)s) AND m.was_kwh <> m.becomes_kwh
   AND EXISTS (SELECT 1 FROM billing_charge c WHERE c.account_id = a.account_id AND c.month > m.month
                  AND c.calculated_at > a.released_at)
 UNION
SELECT DISTINCT m.account_id FROM billing_revised_month m
 WHERE m.revision_id = %(revision)s AND m.account_id = ANY(%(accounts)s)
   AND EXISTS (SELECT 1 FROM billing_charge n WHERE n.account_id = m.account_id AND n.month = m.month
                  AND n.supply_point_id = m.supply_point_id AND n.id > coalesce(m.charge_id, m.reversal_id))
"""


def _accounts_query(scope: str) -> str:
    where, _ = accounts_sql(scope)
    return (
        f"SELECT a.id FROM accounts_account a WHERE {where} AND EXISTS (SELECT 1 FROM billing_charge c"  # noqa: S608
        f" WHERE c.account_id = a.id AND c.month >= %(first_on)s AND {STANDING})"
    )


def _words(first_month: Month, scope: str) -> dict[str, Any]:
    return {"first_on": first_month.first_on, "next_on": LAST.first_on, "word": accounts_sql(scope)[1]}


def _account(row: RevisedAccount, months: Sequence[RevisedMonthView] = ()) -> RevisedAccountView:
    return RevisedAccountView(
        account_number=row.account.number,
        state=RevisedState(row.state),
        difference=row.difference,
        kwh=row.kwh,
        findings=tuple(row.findings),
        months=tuple(months),
    )


def _view(row: Revision, states: dict[RevisedState, int]) -> RevisionView:
    return RevisionView(
        revision_id=row.pk,
        first_month=Month.of(row.first_month),
        scope=row.scope,
        cause=RevisionCause(row.cause),
        reason=row.reason,
        beyond_limit_reason=row.beyond_limit_reason,
        state=RevisionState(row.state),
        account_count=row.account_count,
        percent=row.percent,
        totals=row.totals,
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        released_by=row.released_by,
        taken_back_reason=row.taken_back_reason,
        states=states,
    )
