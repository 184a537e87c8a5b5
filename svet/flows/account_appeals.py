"""Appeals in the account area: who may see which, who applies when somebody with access to an account writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from svet.domains.access import queries as people
from svet.domains.accounts.queries import AccountView
from svet.domains.billing import queries as billing
from svet.domains.cases import actions as cases
from svet.domains.cases import queries
from svet.domains.cases.actions import Bill, Details, Incoming, Registered
from svet.domains.cases.queries import CaseStatus, Followed
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.register import ABOUT_BILLS, OPEN_STATES, ApplicantKind, CaseKind
from svet.kernel.errors import NotFound
from svet.kernel.period import Month


def cases_of(account: AccountView, *, user_id: int, limit: int = 100) -> list[CaseStatus]:
    """Return the cases of the account that this person may follow, the latest first."""
    return queries.cases_written_for(
        account.id,
        customer_id=account.customer_id,
        user_id=user_id,
        is_owner=account.may_decide,
        limit=limit,
    )


def case_of(account: AccountView, number: str, *, user_id: int, at: datetime) -> Followed:
    """Return a case that this person may follow on the account; raise NotFound for any other."""
    case_id = queries.case_of_account(
        number,
        account_id=account.id,
        customer_id=account.customer_id,
        user_id=user_id,
        is_owner=account.may_decide,
    )
    return queries.followed(case_id, at=at)


def applicant(account: AccountView, *, user_id: int, at: datetime) -> Applicant:
    """Return who applies: the customer when an owner writes, else the person himself about this account.

    Who was let in by the owner is answered at his own addresses, never at the customer's.
    """
    customer = queries.applicant_of_account(account.id, user_id=user_id, at=at)
    if account.may_decide:
        return customer
    who, own = people.person(user_id), dict(reversed(people.addresses_of(user_id)))
    return replace(
        customer,
        kind=ApplicantKind.PERSON,
        name=who.name,
        email=own.get("email", who.email),
        phone=own.get("phone", who.phone),
        postal_address="",
        customer_id=None,
    )


def cases_about_bill(account: AccountView, *, month: Month, user_id: int) -> list[CaseStatus]:
    """Return the cases about the account's bill of the month that this person may follow, the latest first, with
    their letters.
    """
    return queries.cases_about_bill(
        account.id,
        month=month,
        customer_id=account.customer_id,
        user_id=user_id,
        is_owner=account.may_decide,
    )


def ask_about_bill(account: AccountView, *, letter: Incoming, month: Month, at: datetime) -> Registered:
    """Register a question asked beside a bill (clause B3), or add it to what this person asked about it before.

    While a case of his about that very bill is open, the question joins it: one matter, one number, one answer.
    Raises NotFound where there is no such bill, and what `cases.actions.register` raises.
    """
    earlier = cases_about_bill(account, month=month, user_id=letter.user_id or 0)
    going_on = next((one for one in earlier if one.state in OPEN_STATES), None)
    if going_on is not None:
        return cases.join(going_on.case_id, letter=letter, at=at)
    return send(
        account,
        letter=letter,
        kind=CaseKind.QUESTION,
        subject_code=ABOUT_BILLS,
        email="",
        details=Details(),
        bill_month=month,
        at=at,
    )


def send(
    account: AccountView,
    *,
    letter: Incoming,
    kind: CaseKind,
    subject_code: str,
    email: str,
    details: Details,
    at: datetime,
    bill_month: Month | None = None,
) -> Registered:
    """Register an appeal from the account area; the same form once. `email` replaces the address for the answer.

    With `bill_month` it is about the account's bill of that month (clause B3).

    Raises NotFound where there is none, and what `cases.actions.register` raises.
    """
    if bill_month is not None:
        bill = billing.bill_of_month(account.id, month=bill_month)
        if bill is None:
            raise NotFound(month=bill_month.text)
        details = replace(details, bill=Bill(bill_month, bill.number))
    who = applicant(account, user_id=letter.user_id or 0, at=at)
    return cases.register(
        letter,
        applicant=replace(who, email=email or who.email),
        at=at,
        kind=kind,
        subject_code=subject_code,
        account_id=account.id,
        details=details,
    )
