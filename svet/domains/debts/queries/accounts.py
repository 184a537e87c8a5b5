"""What pages show of an account's debts: months with their terms, days of delay, penalties by intervals, what then.

Everything is computed when it is asked, for any day; what was accrued is read from accruals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from svet.domains.debts.models import Accrual
from svet.domains.debts.queries.inputs import pieces_from, policies_on
from svet.domains.debts.queries.terms import due_days, load_terms
from svet.domains.debts.rules import Stage
from svet.domains.debts.rules.frames import FINDINGS, Penalties, Terms
from svet.domains.debts.rules.penalty import FREE_DAYS, STAGES, penalties
from svet.domains.ledger.rules import Service
from svet.domains.payments import queries as payments
from svet.domains.payments.rules.allocation import Allocation
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.money import from_kopecks
from svet.kernel.period import Month

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class PenaltyInterval:
    """So much was owed on these days: base × days × percent / share = amount (roubles, four digits, not rounded up)."""

    from_on: date
    last_on: date
    days: int
    base: Decimal
    percent: Decimal
    share: int

    @property
    def amount(self) -> Decimal:
        """The penalty of the interval in roubles with four digits, for people; sums are made of exact parts."""
        return (self.base * self.days * self.percent / 100 / self.share).quantize(Decimal("0.0001"))


@dataclass(frozen=True, slots=True)
class MonthDebt:
    """What was to be paid for a month by its term, what of it is still owed, and its penalty as of the day asked."""

    month: Month
    due_on: date | None
    charged: Decimal
    owed: Decimal
    closed_on: date | None
    days: int
    stage: Stage
    penalty: Decimal
    intervals: tuple[PenaltyInterval, ...]

    @property
    def paid(self) -> Decimal:
        """What of it was paid."""
        return self.charged - self.owed

    @property
    def free_until(self) -> date | None:
        """The last day on which paying leaves it without a penalty."""
        return None if self.due_on is None else self.due_on + timedelta(days=FREE_DAYS)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What the whole penalty comes to when everything is paid on a day, and how much of it is still to be accrued."""

    paid_on: date
    penalty: Decimal


@dataclass(frozen=True, slots=True)
class AccountDebts:
    """The debts of an account on a day: months that are owed for or bear a penalty, the oldest first."""

    on: date
    debts: tuple[MonthDebt, ...]
    penalty: Decimal
    accrued: Decimal
    accrued_on: date | None
    owed_penalty: Decimal
    ahead: tuple[Ahead, ...]
    unknown: tuple[str, date] | None

    @property
    def owed(self) -> Decimal:
        """What is owed for energy, due or not."""
        return sum((debt.owed for debt in self.debts), NOTHING)

    @property
    def overdue(self) -> Decimal:
        """What is owed for energy after its term."""
        return sum((debt.owed for debt in self.debts if debt.stage is not Stage.NOT_DUE), NOTHING)

    @property
    def to_accrue(self) -> Decimal:
        """The penalty that has grown since it was last accrued (minus: what will be taken back)."""
        return self.penalty - self.accrued

    @property
    def free_until(self) -> date | None:
        """Until when all can be paid without any penalty; None when it is too late or nothing is owed."""
        days = [debt.free_until for debt in self.debts if debt.owed]
        first = min((day for day in days if day is not None), default=None)
        return first if first is not None and first >= self.on and self.penalty == 0 else None


@dataclass(frozen=True, slots=True)
class MonthPenalty:
    """What one month's accruals added to an account's penalties, apart from the price, and of which intervals."""

    month: Month
    as_of: date
    amount: Decimal
    rows: tuple[tuple[Month, PenaltyInterval], ...]


def account_debts(account_id: int, *, on: date) -> AccountDebts:
    """Return the account's debts and penalties on the day `on`, by all that is known now."""
    policies = policies_on(on)
    terms = load_terms(policies)
    allocation = payments.allocation_of(account_id)
    found = _computed(account_id, allocation, terms=terms, policies=policies, on=on)
    unknown = next(found.findings.select(list(FINDINGS)).iter_rows(), None)
    rows = Accrual.objects.filter(account=account_id, as_of__lte=on).order_by("version").values_list("as_of", "amount")
    return AccountDebts(
        on=on,
        debts=tuple(_debts(allocation, found, policies=policies, on=on)),
        penalty=_total(found),
        accrued=sum((amount for _, amount in rows), NOTHING),
        accrued_on=max((as_of for as_of, _ in rows), default=None),
        owed_penalty=_owed(allocation, Service.PENALTY),
        ahead=_ahead(account_id, allocation, terms=terms, policies=policies, on=on),
        unknown=None if unknown is None else (unknown[1], unknown[2]),
    )


def penalty_as_of(account_id: int, on: date) -> Decimal:
    """Return the account's whole penalty at the end of a day, by all that is known now, in roubles.

    Raises LookupError when a rate or a term that it needs is not known.
    """
    policies = policies_on(on)
    allocation = payments.allocation_of(account_id)
    found = _computed(account_id, allocation, terms=load_terms(policies), policies=policies, on=on)
    for _, code, day in found.findings.iter_rows():
        raise LookupError(f"{code}: {day}")
    return _total(found)


def penalties_of_bills(bills: Sequence[tuple[int, Month]]) -> dict[tuple[int, Month], MonthPenalty]:
    """Return what was accrued for these accounts in these months, in one query."""
    if not bills:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_OF_BILLS, [[account for account, _ in bills], [month.first_on for _, month in bills]])
        rows = cursor.fetchall()
    amounts: dict[tuple[int, Month], dict[int, Decimal]] = defaultdict(dict)
    days: dict[tuple[int, Month], date] = {}
    lines: dict[tuple[int, Month], list[tuple[Month, PenaltyInterval]]] = defaultdict(list)
    for account_id, month_on, accrual_id, as_of, amount, *line in rows:
        key = account_id, Month.of(month_on)
        amounts[key][accrual_id], days[key] = amount, as_of
        if line[0] is not None:
            lines[key].append((Month.of(line[0]), _interval(*line[1:])))
    return {
        key: MonthPenalty(key[1], days[key], sum(parts.values(), NOTHING), tuple(_joined_by_debt(lines[key])))
        for key, parts in amounts.items()
    }


_OF_BILLS = """
SELECT a.account_id, a.month, a.id, a.as_of, a.amount, l.debt_month, l.from_on, l.until_on, l.base, l.percent, l.share
  FROM (SELECT DISTINCT unnest(%s::bigint[]) AS account_id, unnest(%s::date[]) AS month) AS wanted
  JOIN debts_accrual a ON a.account_id = wanted.account_id AND a.month = wanted.month
  LEFT JOIN debts_accrual_line l ON l.account_id = a.account_id AND l.accrual_id = a.id
 ORDER BY a.account_id, a.month, a.version, l.number
"""


def _computed(
    account_id: int, allocation: Allocation, *, terms: Terms, policies: Policies, on: date, paid_on: date | None = None
) -> Penalties:
    pieces = pieces_from([(account_id, allocation)], policies=policies, paid_on=paid_on)
    return penalties(pieces, terms=terms, as_of=on, policies=policies)


def _ahead(account_id: int, allocation: Allocation, *, terms: Terms, policies: Policies, on: date) -> tuple[Ahead, ...]:
    """Return what the penalty comes to when all is paid today, in a month, in three; only while rates are known."""
    if not _owed(allocation, Service.ENERGY):
        return ()
    found = []
    for days in (0, 30, 90):
        day = on + timedelta(days=days)
        computed = _computed(account_id, allocation, terms=terms, policies=policies, on=day, paid_on=day)
        if computed.findings.is_empty():
            found.append(Ahead(day, _total(computed)))
    return tuple(found)


def _debts(allocation: Allocation, found: Penalties, *, policies: Policies, on: date) -> Iterable[MonthDebt]:
    own = policies.penalty_late_bill == "own_month"
    charged: dict[tuple[Month, Month], Decimal] = defaultdict(Decimal)
    owed: dict[tuple[Month, Month], Decimal] = defaultdict(Decimal)
    closed: dict[tuple[Month, Month], date] = {}
    for part in allocation.parts:
        if part.service is Service.ENERGY:
            key = part.month, part.month if own else part.presented
            charged[key] += part.amount
            closed[key] = max(part.on, closed.get(key, part.on))
            owed[key] += part.amount if part.on > on else NOTHING
    for row in allocation.unpaid:
        if row.service is Service.ENERGY:
            key = row.month, row.month if own else row.presented
            charged[key] += row.amount
            owed[key] += row.amount
    due = due_days({bill for _, bill in charged}, policies=policies)
    amounts, intervals = _by_debt(found)
    for month, bill in sorted(charged):
        term, left = due[bill], owed[month, bill]
        computed = month.first_on, term
        if bill.last_on <= on and (left or computed in intervals):
            yield MonthDebt(
                month=month,
                due_on=term,
                charged=charged[month, bill],
                owed=left,
                closed_on=None if left else closed[month, bill],
                days=max((on - term).days, 0) if term and left else 0,
                stage=_stage(term, on=on) if left else Stage.NOT_DUE,
                penalty=amounts.get(computed, NOTHING),
                intervals=joined(intervals.get(computed, ())),
            )


def _by_debt(found: Penalties) -> tuple[dict[Any, Decimal], dict[Any, list[PenaltyInterval]]]:
    amounts = {
        (row["debt_on"], row["due_on"]): from_kopecks(row["amount_kop"]) for row in found.totals.iter_rows(named=True)
    }
    intervals: dict[Any, list[PenaltyInterval]] = defaultdict(list)
    for row in found.intervals.iter_rows(named=True):
        percent = Decimal(row["percent_e2"]).scaleb(-2)
        intervals[row["debt_on"], row["due_on"]].append(
            _interval(row["from_on"], row["until_on"], from_kopecks(row["base_kop"]), percent, row["share"])
        )
    return amounts, intervals


def joined(intervals: Iterable[PenaltyInterval]) -> tuple[PenaltyInterval, ...]:
    """Return the intervals with those that follow one another on the same terms told as one."""
    found: list[PenaltyInterval] = []
    for one in intervals:
        last = found[-1] if found else None
        if (
            last is not None
            and last.last_on + timedelta(days=1) == one.from_on
            and (last.base, last.percent, last.share) == (one.base, one.percent, one.share)
        ):
            found[-1] = replace(last, last_on=one.last_on, days=last.days + one.days)
        else:
            found.append(one)
    return tuple(found)


def _joined_by_debt(rows: Sequence[tuple[Month, PenaltyInterval]]) -> Iterator[tuple[Month, PenaltyInterval]]:
    for month, own in groupby(rows, key=itemgetter(0)):
        for one in joined(interval for _, interval in own):
            yield month, one


def _interval(from_on: date, until_on: date, base: Decimal, percent: Decimal, share: int) -> PenaltyInterval:
    last_on = until_on - timedelta(days=1)
    return PenaltyInterval(from_on, last_on, (until_on - from_on).days, base, percent, share)


def _stage(due_on: date | None, *, on: date) -> Stage:
    days = 0 if due_on is None else (on - due_on).days
    if days <= 0:
        return Stage.NOT_DUE
    low, high = STAGES[0][0], STAGES[1][0]
    return Stage.FREE if days < low else Stage.LOW if days < high else Stage.HIGH


def _owed(allocation: Allocation, service: Service) -> Decimal:
    return sum((row.amount for row in allocation.unpaid if row.service is service), NOTHING)


def _total(found: Penalties) -> Decimal:
    return from_kopecks(int(found.totals["amount_kop"].sum()))
