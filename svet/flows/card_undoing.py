"""Taking back from the journal of a card: each kind of operation by its own reversing one, once, with a reason.

Nothing is rewritten: the reversing operation stands in the journal beside what it took back and names it (`undoes`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from svet.domains.accounts.queries import AccountView
from svet.domains.customers import actions as customers
from svet.domains.metering import actions as metering
from svet.domains.metering import queries as readings_of
from svet.domains.metering.queries import Correction, Withdrawal
from svet.domains.metering.rules import Channel, Verdict
from svet.flows import card_people, conditions, moving_in
from svet.flows.card_people import Residents
from svet.infra import audit
from svet.infra.audit import Recorded
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError, NotFound

CONTACT_ENDED, RESIDENTS, READING, MOVED_IN, CONDITION = (
    "desk.contact_ended",
    "desk.residents_changed",
    "metering.submit_reading",
    "moving.moved_in",
    "metering.record_condition",
)


class FormerReadingRefused(DomainError):
    """The values that were corrected cannot be put back: `findings` say why."""

    code = "former_reading_refused"


@dataclass(frozen=True, slots=True)
class UndoPage:
    """What is to be taken back; a reading by what it replaced, or altogether."""

    record: Recorded
    correction: Correction | None
    withdrawal: Withdrawal | None
    was_undone: bool

    @property
    def has_choice(self) -> bool:
        """Say whether the reading can both give way to the one before it and be taken back altogether."""
        return self.correction is not None and self.withdrawal is not None and not self.withdrawal.is_held_fast

    @property
    def stands(self) -> bool:
        """Say whether this is a first reading that something relies on: only a correction helps."""
        return self.correction is None and self.withdrawal is not None and self.withdrawal.is_held_fast


def undoable(record: Recorded, *, receipts: Collection[str]) -> bool:
    """Say whether this operation is of a kind that is taken back here, as far as the record itself tells."""
    before = record.data.get("before")
    if record.verb == CONTACT_ENDED:
        return isinstance(before, Mapping) and "contact_id" in before
    if record.verb == RESIDENTS:
        return isinstance(before, Mapping) and isinstance(record.data.get("after"), Mapping)
    return record.verb in (MOVED_IN, CONDITION) or (record.verb == READING and record.target_id in receipts)


def receipts_in_force(account_id: int, receipts: Sequence[str]) -> set[str]:
    """Return those of the submissions that can be taken back in one way or another."""
    if not receipts:
        return set()
    return {*readings_of.corrections(account_id, receipts), *readings_of.withdrawals(account_id, receipts)}


def page(account_id: int, record_id: int) -> UndoPage:
    """Return the operation, with the values before it where it is a correction of a reading.

    Raises NotFound("operation_not_found") for what is not of this account, or is not taken back here.
    """
    record = audit.one_of_account(account_id, record_id)
    if record is None:
        raise NotFound("operation_not_found", record_id=record_id)
    asked = [record.target_id] if record.verb == READING else []
    corrections = readings_of.corrections(account_id, asked) if asked else {}
    withdrawals = readings_of.withdrawals(account_id, asked) if asked else {}
    was_undone = bool(audit.undone(account_id, [record_id]))
    if not was_undone and not undoable(record, receipts={*corrections, *withdrawals}):
        raise NotFound("operation_not_found", record_id=record_id)
    return UndoPage(record, corrections.get(record.target_id), withdrawals.get(record.target_id), was_undone)


def withdrawal(account_id: int, receipt: str) -> Withdrawal | None:
    """Return the submission as it would be taken back, by whatever way it came; None when it was taken back already.

    Raises NotFound("operation_not_found") for what is not of this account, not in force, or came with an act.
    """
    found = readings_of.withdrawals(account_id, [receipt]).get(receipt)
    rows = [] if found else [one for one in readings_of.history(account_id) if one.receipt_number == receipt]
    if found is None and not any(one.withdrawn_at for one in rows):
        raise NotFound("operation_not_found", receipt=receipt)
    return found


def withdraw(account_id: int, receipt: str, *, reason: str, by: int, at: datetime) -> None:
    """Take the submission back, so that it counts for nothing; raise what `metering.withdraw_reading` raises."""
    metering.withdraw_reading(receipt, account_id=account_id, reason=reason, by=by, at=at)


def undo(account: AccountView, record_id: int, *, reason: str, by: int, at: datetime, altogether: bool = False) -> bool:
    """Take the operation back; return False, changing nothing, when it was taken back already.

    A reading that corrected another gives way to that one; a first one, or any `altogether`, counts no more.
    Raises NotFound("operation_not_found"), Conflict("residents_changed_meanwhile"), ("contact_goes_on"),
    ("contact_is_known"), ("reading_was_followed"), FormerReadingRefused, and what `moving_in.take_coming_back` and
    `metering.withdraw_reading` raise.
    """
    with transaction.atomic():
        lock_row("accounts_account", account.id)
        asked = page(account.id, record_id)
        if asked.was_undone:
            return False
        record = asked.record
        if record.verb == READING and (altogether or asked.correction is None):
            metering.withdraw_reading(record.target_id, account_id=account.id, reason=reason, by=by, at=at)
            return True
        if record.verb == CONTACT_ENDED:
            data = _resume_contact(account, record, at=at)
        elif record.verb == RESIDENTS:
            data = _restore_residents(account, record, reason=reason, at=at)
        elif record.verb == MOVED_IN:
            data = moving_in.take_coming_back(account.id, at=at, reason=reason)
        elif record.verb == CONDITION:
            data = _never_held(account.id, record, reason=reason, by=by, at=at)
        else:
            data = _restore_reading(account.id, asked.correction, reason=reason, by=by, at=at)
        audit.record(
            f"{record.verb}_undone",
            target_kind="account",
            target_id=account.id,
            at=at,
            account_id=account.id,
            data={**data, "undoes": record_id},
            reason=reason,
        )
    return True


def _resume_contact(account: AccountView, record: Recorded, *, at: datetime) -> dict[str, Any]:
    ended: Mapping[str, Any] = record.data["before"]
    resumed = customers.resume_contact(int(ended["contact_id"]), customer_id=account.customer_id, at=at)
    return {"before": None, "after": {"kind": ended["kind"], "value": ended["value"], "contact_id": resumed}}


def _never_held(account_id: int, record: Recorded, *, reason: str, by: int, at: datetime) -> dict[str, Any]:
    told: Mapping[str, Any] = record.data["after"]
    conditions.lift(
        account_id, int(record.target_id), lifted_on=date.fromisoformat(told["from_on"]), act_number="",
        reason=reason, by=by, at=at,
    )  # fmt: skip
    return {"before": told, "after": None}


def _restore_residents(account: AccountView, record: Recorded, *, reason: str, at: datetime) -> dict[str, Any]:
    after, before = record.data["after"], record.data["before"]
    from_on, given = date.fromisoformat(after["from_on"]), _residents(after)
    page = card_people.page(account, on=from_on)
    if page.now != given:
        raise Conflict("residents_changed_meanwhile")
    former = _residents(before)
    card_people.change_residents(
        account, residents=former, from_on=from_on, seen=page.seen, reason=reason, at=at, charged_is_known=True
    )
    return {"before": after, "after": {**before, "from_on": from_on}}


def _restore_reading(
    account_id: int, correction: Correction | None, *, reason: str, by: int, at: datetime
) -> dict[str, Any]:
    if correction is None:
        raise NotFound("operation_not_found")
    receipt = metering.submit_reading(
        account_id=account_id,
        values={str(one.position): one.former for one in correction.values},
        taken_on=correction.former_on,
        received_at=at,
        channel=Channel.DESK,
        source_id=f"undo:{correction.receipt_number}",
        meter_serial=correction.meter_serial,
        kind=correction.kind,
        raw={"user": by},
    )
    if receipt.verdict is Verdict.REFUSED:
        raise FormerReadingRefused(findings=receipt.findings)
    if receipt.verdict is Verdict.HELD:
        held = next(one for one in readings_of.history(account_id) if one.receipt_number == receipt.number)
        metering.review_reading(
            held.reading_id, account_id=account_id, verdict=Verdict.ACCEPTED, reason=reason, decided_by=by, at=at
        )
    if readings_of.corrections(account_id, [correction.receipt_number]):
        raise Conflict("reading_was_followed")
    return {
        "before": {"value": "; ".join(str(one.value) for one in correction.values)},
        "after": {"value": "; ".join(str(one.former) for one in correction.values), "receipt": receipt.number},
    }


def _residents(facts: Mapping[str, Any]) -> Residents:
    return Residents(int(facts["registered"]), int(facts["temporary"]), int(facts["owners"]))
