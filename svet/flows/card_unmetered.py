"""Acts of unmetered use on a customer's card: reckoned before they are recorded, shown, taken back.

What is foretold is the act itself, undone before anybody sees it: the amounts cannot differ.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from svet.domains.access import queries as access
from svet.domains.accounts.queries import AccountView
from svet.domains.billing import actions as billing
from svet.domains.billing import queries as bills
from svet.domains.billing.actions import UnmeteredPaper
from svet.domains.billing.queries import UnmeteredView
from svet.domains.billing.rules.unmetered import Found
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict


@dataclass(frozen=True, slots=True)
class Asked:
    """An act as an operator has it before him."""

    found: Found
    paper: UnmeteredPaper
    supply_point_id: int


@dataclass(frozen=True, slots=True)
class ForetoldAct:
    """What an act would come to."""

    act: UnmeteredView

    @property
    def token(self) -> str:
        """What was shown, in short: a confirmation is of this outcome and of no other."""
        one = self.act
        said = (one.number, one.kind, one.supply_point_id, one.found_on, one.since_on, one.checked_on, one.ended_on)
        told = (one.power_w, one.note, one.signed_by, one.parts, one.counts_in, one.scans)
        return hashlib.sha256(repr((said, told)).encode()).hexdigest()[:32]


def foretell(account: AccountView, asked: Asked, *, by: int, at: datetime) -> ForetoldAct:
    """Return what the act would come to; write nothing. Raises as `record` does."""
    with transaction.atomic():
        made = _recorded(account, asked, by=by, at=at)
        shown = bills.unmetered_act(account.id, act_id=made)
        transaction.set_rollback(True)
    return ForetoldAct(shown)


def record(account: AccountView, asked: Asked, *, token: str, by: int, at: datetime) -> int:
    """Record the act as it was shown; return its id. The same request again gets the same id.

    Raises as `billing.record_unmetered` does, Conflict("account_is_closed"), and Conflict("act_changed_meanwhile")
    when it would come to something else by now.
    """
    with transaction.atomic():
        lock_row("accounts_account", account.id)
        again = bills.unmetered_act_of_request(account.id, request_key=asked.paper.request_key)
        if again is not None:
            return again.id
        made = _recorded(account, asked, by=by, at=at)
        if ForetoldAct(bills.unmetered_act(account.id, act_id=made)).token != token:
            raise Conflict("act_changed_meanwhile")
    return made


def acts_of(account_id: int) -> list[UnmeteredView]:
    """Return the acts of a card, the latest recorded first."""
    return bills.unmetered_acts_of(account_id)


def act_page(account_id: int, *, act_id: int) -> tuple[UnmeteredView, str]:
    """Return an act and the name of who recorded it; raise NotFound."""
    act = bills.unmetered_act(account_id, act_id=act_id)
    names = access.names_of([act.recorded_by] if act.recorded_by else [])
    return act, names.get(act.recorded_by or 0, "")


def _recorded(account: AccountView, asked: Asked, *, by: int, at: datetime) -> int:
    if account.closed_on is not None:
        raise Conflict("account_is_closed", number=account.number)
    return billing.record_unmetered(
        asked.found,
        paper=asked.paper,
        account_id=account.id,
        supply_point_id=asked.supply_point_id,
        by=by,
        at=at,
    )
