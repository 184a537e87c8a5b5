"""Penalties in the life of a month: accrued when its charges are rated, before its bills are issued, and shown in them.

Debts stand above billing, so that a run of bills knows nothing of penalties: here the two meet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from svet.domains.billing import actions as billing
from svet.domains.billing import queries as bills
from svet.domains.billing.rules.documents import BillDocument, PenaltyRow
from svet.domains.debts import actions as debts
from svet.domains.debts import jobs
from svet.domains.debts import queries as debts_of
from svet.domains.debts.queries import ParkedPenalty, PenaltyProgress, TermsView
from svet.domains.debts.rules import RunState
from svet.domains.ledger import queries as ledger
from svet.domains.tariffs.rules.policies import POLICIES, Policy
from svet.infra.clock import MOSCOW
from svet.infra.models import Fact
from svet.kernel.errors import Conflict, DomainError
from svet.kernel.period import Month

AT_ONCE = 5000
"""So many accounts are one shard: their penalties are computed while somebody waits, in a second or so."""


@dataclass(frozen=True, slots=True)
class RunPenalties:
    """The penalties of a run's month, and accounts whose penalty is not known."""

    progress: PenaltyProgress
    parked: tuple[ParkedPenalty, ...]

    @property
    def is_moving(self) -> bool:
        """Whether workers are at it."""
        return self.progress.state is RunState.ACCRUING


@dataclass(frozen=True, slots=True)
class TermsPage:
    """The dated terms of penalties; each switch with its value in force."""

    on: date
    terms: TermsView
    switches: tuple[tuple[Policy, str], ...]

    @property
    def is_known(self) -> bool:
        """Whether today's rate is vouched for."""
        return self.terms.known_until >= self.on


def accrue_rated(fact: Fact, at: datetime) -> None:
    """Begin the penalties of a month when a run of many accounts is rated; once, unless what was begun has failed."""
    run_id, month = int(fact.payload["run_id"]), Month(str(fact.payload["month"]))
    if fact.payload["dry"] or bills.run_progress(run_id).scope.startswith("account:") or ledger.is_closed(month):
        return
    last = debts_of.penalties_of_month(month)
    if last is None or last.state is RunState.FAILED:
        _start(month, by=None, at=at)


def of_run(month: Month) -> RunPenalties | None:
    """Return the penalties of a month for the page of its run; None when they were not begun yet."""
    last = debts_of.penalties_of_month(month)
    if last is None:
        return None
    return RunPenalties(last, tuple(debts_of.parked_penalties(last.run_id)))


def issue_bills(run_id: int, *, by: int | None, at: datetime) -> int:
    """Issue the bills of a rated run when the penalties of its month are accrued; return how many there are.

    Those of few accounts are accrued here and now. Raises Conflict("penalties_are_being_accrued"),
    ("penalties_have_failed"), and what `billing.actions.issue_bills` raises.
    """
    run = bills.run_progress(run_id)
    last = debts_of.penalties_of_month(run.month)
    if not run.dry and not ledger.is_closed(run.month):
        if last is None or last.state is RunState.FAILED:
            last = debts_of.penalty_progress(_start(run.month, by=by, at=at))
        if last.state is RunState.ACCRUING and last.accounts <= AT_ONCE:
            last = jobs.work_off(last.run_id, at=at)
        if last.state is RunState.ACCRUING:
            raise Conflict("penalties_are_being_accrued", month=run.month.text)
        if last.state is RunState.FAILED:
            raise Conflict("penalties_have_failed", month=run.month.text)
    return billing.issue_bills(run_id, at=at)


def accrue_again(month: Month, *, by: int | None, at: datetime) -> int:
    """Compute the penalties of a month once more (rates became known, payments came); return the run's id.

    Only differences are posted. Raises Conflict("month_is_closed"), ("penalties_are_being_accrued").
    """
    return _start(month, by=by, at=at)


def bring_up(account_id: int, *, month: Month, as_of: date, by: int | None, at: datetime) -> None:
    """Bring the penalties of one account up to a day before its last bill; what cannot be known yet is left out."""
    try:
        debts.accrue_account(account_id, month=month, as_of=as_of, by=by, at=at)
    except DomainError as error:
        if error.code != "penalty_is_not_known":
            raise


def with_penalties(documents: Sequence[BillDocument]) -> list[BillDocument]:
    """Return the bills with the intervals of their penalties, read in one query."""
    keys = [(one.account_id, one.month) for one in documents if one.penalties]
    found = debts_of.penalties_of_bills(keys)
    return [
        replace(one, penalty_rows=_rows(found[one.account_id, one.month]))
        if (one.account_id, one.month) in found
        else one
        for one in documents
    ]


def terms(*, on: date) -> TermsPage:
    """Return the dated terms of penalties and the switches in force on a day."""
    policies = debts_of.policies_on(on)
    values = policies.as_values()
    return TermsPage(
        on=on,
        terms=debts_of.terms_view(policies),
        switches=tuple((one, values[one.name]) for one in POLICIES if one.name.startswith(("penalty_", "due_"))),
    )


def _rows(penalty: debts_of.MonthPenalty) -> tuple[PenaltyRow, ...]:
    return tuple(
        PenaltyRow(
            debt_month=month,
            from_on=one.from_on,
            last_on=one.last_on,
            days=one.days,
            base=one.base,
            percent=one.percent,
            share=one.share,
            amount=one.amount,
        )
        for month, one in penalty.rows
    )


def _start(month: Month, *, by: int | None, at: datetime) -> int:
    today = at.astimezone(MOSCOW).date()
    as_of = max(min(month.last_on, today), month.first_on)
    return debts.start_penalties(month=month, as_of=as_of, started_by=by, at=at, shard_size=AT_ONCE)
