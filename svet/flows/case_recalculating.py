"""A recalculation asked for by who handles an appeal: an engineer looks at it, what came of it goes to the answer.

It hangs on the matter of the case, so that every case about the same thing shows it, each of its own account.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from svet.domains.billing import actions as billing
from svet.domains.billing import queries as bills
from svet.domains.billing.queries import RecalculationView
from svet.domains.billing.rules import Why
from svet.domains.cases import actions as cases
from svet.domains.cases import queries as register
from svet.domains.cases.rules.matters import Part
from svet.flows import case_pages
from svet.kernel.errors import Conflict, NotFound
from svet.kernel.period import Month


@dataclass(frozen=True, slots=True)
class RecalculationPage:
    """What was asked for in a case, the latest first, and the charged months that may be asked about, latest first."""

    number: str
    account_number: str
    bill_month: Month | None
    months: tuple[Month, ...]
    asked: tuple[RecalculationView, ...]

    @property
    def waits(self) -> bool:
        """Whether an engineer still looks at one."""
        return any(not one.is_settled for one in self.asked)


def page(number: str, *, user_id: int, roles: tuple[str, ...], at: datetime) -> RecalculationPage:
    """Return the page of a case with an account, recording the look at it; raise NotFound where there is none."""
    case = case_pages.handled_case(number, user_id=user_id, roles=roles, at=at, page="desk:case_recalculation").case
    if case.account_id is None:
        raise NotFound(case=number)
    return RecalculationPage(
        number=number,
        account_number=case.row.account_number,
        bill_month=case.bill_month,
        months=tuple(_months(case.account_id)),
        asked=tuple(of_case(case.row.case_id, account_id=case.account_id)),
    )


def ask(asked_for: RecalculationPage, *, first_month: Month, reason: str, user_id: int, at: datetime) -> int:
    """Ask an engineer to look at the charged months from one on, and note it in the case; return the id.

    Raises Conflict("recalculation_waits"), ("nothing_is_charged_since"), NotFound.
    """
    case_id = register.open_for(user_id, asked_for.number)
    account_id, matter_id = register.account_of_case(case_id), register.matter_of_case(case_id)
    if account_id is None:
        raise NotFound(case=asked_for.number)
    with transaction.atomic():
        cases.note(case_id, text=reason, by=user_id, at=at)
        if any(not one.is_settled for one in of_case(case_id, account_id=account_id)):
            raise Conflict("recalculation_waits")
        months = [month for month in _months(account_id) if month >= first_month]
        if not months:
            raise Conflict("nothing_is_charged_since", month=first_month.text)
        asked = billing.ask_recalculation(
            account_id, months=sorted(months), why=Why.APPEAL, reason=f"{asked_for.number}: {reason.strip()}", at=at
        )
        cases.hang_on_matter(Part.CORRECTION, part_id=asked, matter_id=matter_id, by=user_id, at=at)
    return asked


def settle(recalculation_id: int, *, outcome: str, by: int, at: datetime) -> None:
    """Note what came of a recalculation, also in the open cases that asked for it; raises as the action of billing."""
    with transaction.atomic():
        billing.settle_recalculation(recalculation_id, outcome=outcome, by=by, at=at)
        account_id = bills.recalculation(recalculation_id).account_id
        for case_id in register.cases_of_correction(recalculation_id, account_id=account_id):
            cases.note(case_id, text=outcome, by=by, at=at)


def of_case(case_id: int, *, account_id: int) -> list[RecalculationView]:
    """Return the recalculations of the account that hang on the matter of a case, the latest first."""
    return bills.recalculations(register.corrections_of(case_id), account_id=account_id)


def _months(account_id: int) -> list[Month]:
    return list(dict.fromkeys(charge.month for charge in bills.charges_of(account_id)))
