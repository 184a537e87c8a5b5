"""The last bill of an account that leaves within a month, and taking charges back by reversing ones.

The last bill is a run of its own kind for one account: the same engine, keys, number series and control totals as the
month's run, which then finds the account charged. A reversal is a new version with the signs turned that names what
it reverses; afterwards the month may be charged again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from svet.domains.accounts import queries as accounts
from svet.domains.billing import queries
from svet.domains.billing.actions import issuing, rating
from svet.domains.billing.models import Bill, BillRun, BillRunIssue, BillRunShard, Charge, ChargeLine, ChargeVolume
from svet.domains.billing.rules import RunKind, RunState, ShardState
from svet.domains.billing.rules.documents import bill_number
from svet.domains.ledger import actions as ledger
from svet.domains.ledger import queries as ledger_queries
from svet.domains.ledger.rules import EntryKind
from svet.domains.metering import actions as metering
from svet.domains.tariffs import queries as tariffs
from svet.domains.tariffs.rules.policies import Policies
from svet.infra import audit, outbox
from svet.infra.clock import MOSCOW
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.kernel.period import Month


class CannotBeRated(DomainError):
    """The account would be parked: `findings` say why."""

    code = "cannot_be_rated"


@dataclass(frozen=True, slots=True)
class FinalBill:
    """The last bill: roubles, plus = the customer owes."""

    run_id: int
    bill_id: int
    number: str
    month: Month
    kwh: Decimal
    amount: Decimal
    closing: Decimal


def bill_finally(account_id: int, *, month: Month, at: datetime, by: int | None) -> FinalBill:
    """Charge the account for its part of `month` and issue the bill at once, in the caller's or its own transaction.

    1. Refuse a month that is closed, charged already, or stands behind one not charged yet. 2. Rate by the shard's
    own path. 3. Number and issue by the run's own path.

    Raises Conflict("month_is_closed"), ("month_is_charged"), ("earlier_month_waits"), ("still_supplied"),
    ("nothing_to_bill"), and CannotBeRated with the findings.
    """
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        _refuse(account_id, month=month)
        run, shard = _one_account_run(account_id, month=month, at=at, by=by)
        rating.rate_shard(shard.pk, at=at)
        run.refresh_from_db()
        issue = BillRunIssue.objects.filter(run=run).first()
        if issue is not None:
            raise CannotBeRated(month=month.text, findings=issue.findings)
        if run.state != RunState.RATED or run.totals["billed"] != 1:
            raise Conflict("nothing_to_bill", month=month.text)
        issuing.issue_bills(run.pk, at=at)
        issuing.issue_shard(shard.pk, at=at)
        bill = Bill.objects.get(account_id=account_id, month=month.first_on, run=run)
        final = FinalBill(
            run_id=run.pk,
            bill_id=bill.pk,
            number=bill_number(month, bill.number),
            month=month,
            kwh=Decimal(bill.snapshot["kwh"]),
            amount=Decimal(run.totals["amount"]),
            closing=bill.closing,
        )
        _record("billing.final_bill", account_id, final, at=at)
    return final


def reverse_charges(account_id: int, *, month: Month, at: datetime, reason: str) -> Decimal:
    """Take back what the account is charged for `month` by reversing charges and entries; return how much (roubles).

    Nothing charged: nothing happens. Raises Conflict("month_is_closed"), ("later_month_is_charged").
    """
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        charges = _standing(account_id, month=month)
        if charges and ledger_queries.is_closed(month):
            raise Conflict("month_is_closed", month=month.text)
        later = [one for one in queries.charged_months(account_id) if one > month]
        if charges and later:
            raise Conflict("later_month_is_charged", month=month.text, later=later[0].text)
        for charge in charges:
            _reverse(charge, month=month, at=at)
        metering.unmark_billed(account_id, month=month)
        amount = sum((charge.amount for charge in charges), Decimal("0.00"))
        if charges:
            data = {"month": month.text, "amount": str(amount), "charges": [charge.pk for charge in charges]}
            verb = "billing.charges_reversed"
            audit.record(
                verb, target_kind="month", target_id=month, at=at, account_id=account_id, data=data, reason=reason
            )
            outbox.record(verb, at=at, account_id=account_id, payload=data)
    return amount


def reverse_final_bill(run_id: int, *, account_id: int, at: datetime, reason: str) -> Decimal:
    """Take a last bill back: its charges are reversed, its run is cancelled; return the roubles taken back.

    The bill keeps its number. Raises NotFound (also for another account's), Conflict("final_bill_is_reversed") and
    what `reverse_charges` raises.
    """
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        run = BillRun.objects.select_for_update().filter(pk=run_id, kind=RunKind.FINAL).first()
        if run is None or not Bill.objects.filter(run=run, account_id=account_id).exists():
            raise NotFound(run=run_id)
        if run.state == RunState.CANCELLED:
            raise Conflict("final_bill_is_reversed", run=run_id)
        amount = reverse_charges(account_id, month=Month.of(run.month), at=at, reason=reason)
        run.state, run.closed_at = RunState.CANCELLED, at
        run.save(update_fields=["state", "closed_at"])
    return amount


def _refuse(account_id: int, *, month: Month) -> None:
    if ledger_queries.is_closed(month):
        raise Conflict("month_is_closed", month=month.text)
    charged = queries.charged_months(account_id)
    if month in charged:
        raise Conflict("month_is_charged", month=month.text)
    later = [one for one in charged if one > month]
    if later:
        raise Conflict("later_month_is_charged", month=month.text, later=later[0].text)
    supplied = accounts.supplied_periods(account_id)
    if any(period.end is None or period.end > month.next.first_on for period in supplied):
        raise Conflict("still_supplied", month=month.text)
    before = month.previous
    waits = any(period.overlap(before.period) for period in supplied) and before not in charged
    if waits and not ledger_queries.is_closed(before):
        raise Conflict("earlier_month_waits", month=before.text)


def _one_account_run(account_id: int, *, month: Month, at: datetime, by: int | None) -> tuple[BillRun, BillRunShard]:
    policies = Policies.from_values(tariffs.policy_values(month.first_on))
    run = BillRun.objects.create(
        month=month.first_on,
        kind=RunKind.FINAL,
        scope=f"account:{accounts.account_by_id(account_id).number}",
        state=RunState.RATING,
        shard_size=1,
        account_count=1,
        policies=policies.as_values(),
        started_at=at,
        started_by=by,
    )
    shard = BillRunShard.objects.create(
        run=run, number=1, first_account_id=account_id, last_account_id=account_id, state=ShardState.NEW
    )
    return run, shard


def _standing(account_id: int, *, month: Month) -> list[Charge]:
    rows = Charge.objects.filter(account_id=account_id, month=month.first_on).order_by("version")
    reversed_ids = {row.reverses_id for row in rows if row.reverses_id}
    return [row for row in rows if row.reverses_id is None and row.pk not in reversed_ids]


def _reverse(charge: Charge, *, month: Month, at: datetime) -> None:
    """Write the charge once more with its signs turned: lines, volumes and the entry too."""
    lines = list(ChargeLine.objects.filter(account_id=charge.account_id, charge=charge))
    volumes = list(ChargeVolume.objects.filter(account_id=charge.account_id, charge=charge))
    facts = charge.facts if charge.run is None else {**charge.facts, "policies": charge.run.policies}
    changed = {"version": charge.version + 1, "reverses_id": charge.pk, "run_id": None, "facts": facts}
    reversal = _turned(charge, **changed, calculated_at=at)
    reversal.save(force_insert=True)
    ChargeLine.objects.bulk_create(_turned(line, charge_id=reversal.pk) for line in lines)
    ChargeVolume.objects.bulk_create(_turned(volume, charge_id=reversal.pk) for volume in volumes)
    if reversal.amount:
        ledger.post(
            account_id=charge.account_id,
            kind=EntryKind.CORRECTION,
            amount=reversal.amount,
            month=month,
            concerns=month,
            posted_on=min(month.last_on, at.astimezone(MOSCOW).date()),
            source_kind="charge",
            source_id=reversal.pk,
            recorded_at=at,
        )


def _turned(row: Any, **values: object) -> Any:
    """Return a new row like `row` with amounts and energy turned, and `values` set."""
    kept = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}
    turned = {name: -kept[name] for name in ("kwh", "amount", "vat") if name in kept}
    return type(row)(**(kept | turned | values))


def _record(verb: str, account_id: int, final: FinalBill, *, at: datetime) -> None:
    data = {
        "run_id": final.run_id,
        "bill_id": final.bill_id,
        "number": final.number,
        "month": final.month.text,
        "kwh": str(final.kwh),
        "amount": str(final.amount),
        "closing": str(final.closing),
    }
    audit.record(verb, target_kind="bill", target_id=final.bill_id, at=at, account_id=account_id, data=data)
    outbox.record(verb, at=at, account_id=account_id, payload=data)
