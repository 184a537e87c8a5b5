"""Benefits on a customer's card: foretold with the bill that follows, opened, ended, undone.

What is foretold is the entitlement itself, undone before anybody sees it. Charged months that a change touches wait
for an engineer to charge them anew.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from svet.domains.access import queries as access
from svet.domains.accounts import queries as accounts
from svet.domains.accounts.queries import AccountView, AgreementView
from svet.domains.benefits import actions as benefits
from svet.domains.benefits import queries as entitled
from svet.domains.benefits.queries import EntitlementView, KindView
from svet.domains.benefits.rules import Paper
from svet.domains.billing import actions as billing
from svet.domains.billing import queries as bills
from svet.domains.billing.queries import ForetoldCharge
from svet.domains.billing.rules import Why
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict
from svet.kernel.period import Month


@dataclass(frozen=True, slots=True)
class BenefitsPage:
    """The entitlements of a card, the latest first, and what may be given where."""

    entitlements: tuple[EntitlementView, ...]
    kinds: tuple[KindView, ...]
    places: tuple[AgreementView, ...]


@dataclass(frozen=True, slots=True)
class ForetoldBenefit:
    """What an entitlement would come to: the bill of `month` with it and without, the charged months that wait.

    A bill is None where it cannot be told yet.
    """

    entitlement: EntitlementView
    month: Month
    before: ForetoldCharge | None
    after: ForetoldCharge | None
    charged: tuple[Month, ...]

    @property
    def token(self) -> str:
        """What was shown, in short: a confirmation is of this outcome and of no other."""
        one = self.entitlement
        said = (one.kind.code, one.supply_point_id, one.holder, one.document, one.people, one.from_on, one.until_on)
        amounts = [None if bill is None else bill.amount for bill in (self.before, self.after)]
        return hashlib.sha256(repr((said, one.reason, amounts, self.charged)).encode()).hexdigest()[:32]


def page(account: AccountView, *, on: date) -> BenefitsPage:
    """Return what the page shows on the day."""
    places = () if account.closed_on else _places(account.id, on=on)
    return BenefitsPage(tuple(entitled.entitlements_of(account.id)), tuple(entitled.kinds(on=on)), places)


def to_come(account_id: int, *, on: date) -> list[EntitlementView]:
    """Return the benefits of the account that hold on the day or will."""
    known = entitled.entitlements_of(account_id)
    return [one for one in known if not one.undone_reason and (one.out_on is None or on < one.out_on)]


def entitlement_page(account: AccountView, entitlement_id: int) -> tuple[EntitlementView, str]:
    """Return an entitlement and who recorded it; raise NotFound."""
    found = entitled.entitlement(account.id, entitlement_id)
    names = access.names_of([found.recorded_by] if found.recorded_by else [])
    return found, names.get(found.recorded_by or 0, "")


def foretell(account: AccountView, paper: Paper, *, supply_point_id: int, by: int, at: datetime) -> ForetoldBenefit:
    """Return what the entitlement would come to; write nothing. Raises as `record` does."""
    with transaction.atomic():
        charged = bills.charged_months(account.id)
        month = max([Month.of(paper.from_on), *(one.next for one in charged[-1:])])
        before = bills.preview_charge(account.id, month=month)
        made = benefits.open_entitlement(paper, account_id=account.id, supply_point_id=supply_point_id, by=by, at=at)
        after = bills.preview_charge(account.id, month=month)
        shown = entitled.entitlement(account.id, made)
        transaction.set_rollback(True)
    touched = _touched(account.id, from_on=paper.from_on, until_on=paper.until_on)
    return ForetoldBenefit(shown, month, before, after, touched)


def record(account: AccountView, paper: Paper, *, supply_point_id: int, by: int, at: datetime) -> int:
    """Record the entitlement; charged months wait for an engineer. The same request again gets the same id.

    Raises as `benefits.open_entitlement` does, and Conflict("account_is_closed").
    """
    with transaction.atomic():
        lock_row("accounts_account", account.id)
        again = entitled.entitlement_of_request(account.id, request_key=paper.request_key)
        if again is not None:
            return again.id
        if account.closed_on is not None:
            raise Conflict("account_is_closed", number=account.number)
        made = benefits.open_entitlement(paper, account_id=account.id, supply_point_id=supply_point_id, by=by, at=at)
        _ask(account.id, from_on=paper.from_on, until_on=paper.until_on, reason=paper.reason, at=at)
    return made


def end(account: AccountView, entitlement_id: int, *, ended_on: date, reason: str, by: int, at: datetime) -> None:
    """Let it hold no more from `ended_on` on; charged months wait. Raises as `benefits.end_entitlement` does."""
    with transaction.atomic():
        found = entitled.entitlement(account.id, entitlement_id)
        benefits.end_entitlement(
            entitlement_id, account_id=account.id, ended_on=ended_on, reason=reason, by=by, at=at
        )  # fmt: skip
        _ask(account.id, from_on=ended_on, until_on=found.until_on, reason=reason, at=at)


def resume(account: AccountView, entitlement_id: int, *, reason: str, by: int, at: datetime) -> None:
    """Undo the end that stands; charged months wait.

    Raises as `benefits.undo_end` does; Conflict("end_is_undone") also where there is no end.
    """
    with transaction.atomic():
        found = entitled.entitlement(account.id, entitlement_id)
        if found.end is None:
            raise Conflict("end_is_undone")
        benefits.undo_end(found.end.id, account_id=account.id, reason=reason, by=by, at=at)
        _ask(account.id, from_on=found.end.ended_on, until_on=found.until_on, reason=reason, at=at)


def undo(account: AccountView, entitlement_id: int, *, reason: str, by: int, at: datetime) -> None:
    """Say that it never was; charged months wait. Raises as `benefits.undo_entitlement` does."""
    with transaction.atomic():
        found = entitled.entitlement(account.id, entitlement_id)
        benefits.undo_entitlement(entitlement_id, account_id=account.id, reason=reason, by=by, at=at)
        _ask(account.id, from_on=found.from_on, until_on=found.out_on, reason=reason, at=at)


def _ask(account_id: int, *, from_on: date, until_on: date | None, reason: str, at: datetime) -> None:
    months = _touched(account_id, from_on=from_on, until_on=until_on)
    if months:
        billing.ask_recalculation(account_id, months=months, why=Why.BENEFIT, reason=reason, at=at)


def _touched(account_id: int, *, from_on: date, until_on: date | None) -> tuple[Month, ...]:
    last = until_on or date.max
    months = bills.charged_months(account_id)
    return tuple(one for one in months if one >= Month.of(from_on) and one.first_on < last)


def _places(account_id: int, *, on: date) -> tuple[AgreementView, ...]:
    return tuple(one for one in accounts.agreements_of(account_id, on=on) if on in one.period)
