"""A case beside the account it is about: the handler sees letter, customer, bills and earlier contacts at once.

Opening it is a look at the account (clause T3), recorded before anything is read; the number of queries is constant.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from svet.domains.access import queries as people
from svet.domains.access.rules import LookPurpose
from svet.domains.accounts import actions as looks
from svet.domains.accounts import queries as accounts
from svet.domains.accounts.queries import AccountView
from svet.domains.billing import queries as billing
from svet.domains.billing.queries import BillRow
from svet.domains.cases import actions as handling
from svet.domains.cases import queries as cases
from svet.domains.cases.queries import CasePage, CaseReport, ContactRow, RemarkRow
from svet.domains.cases.rules.clocks import ClockKind
from svet.domains.cases.rules.register import OPEN_STATES
from svet.domains.ledger import queries as ledger
from svet.domains.offices import queries as offices
from svet.domains.offices.queries import CompanyView
from svet.domains.visits import queries as visits
from svet.domains.visits.queries import VisitOfContact

FEW = 5


@dataclass(frozen=True, slots=True)
class Beside:
    """The account that a case is about: who, where, the balance (plus = owes), what was there before."""

    account: AccountView
    address: str
    balance: Decimal
    bills: tuple[BillRow, ...]
    contacts: tuple[ContactRow, ...]
    remarks: tuple[RemarkRow, ...]


@dataclass(frozen=True, slots=True)
class JoinedContact:
    """A contact about the same matter; of a visit with the ticket, the window and the office."""

    contact: ContactRow
    visit: VisitOfContact | None
    office: str


@dataclass(frozen=True, slots=True)
class HandledCase:
    """A case, the account beside it (None where none is known), the contacts about the same matter.

    `others`: how many questions about bills hang on the matter too.
    """

    case: CasePage
    beside: Beside | None
    joined: tuple[JoinedContact, ...] = ()
    others: int = 0


def handled_case(number: str, *, user_id: int, roles: Iterable[str], at: datetime, page: str) -> HandledCase:
    """Return a case for its page, recording the look at the account; raise NotFound for whom it must not reach."""
    case_id = cases.open_for(user_id, number)
    case = cases.case_page(case_id, user_id=user_id, at=at)
    if case.account_id is None:
        return _handled(case, None)
    _join_contact(case, user_id=user_id, at=at)
    account = looks.open_for_staff(
        user_id, roles, case.row.account_number, purpose=LookPurpose.WRITTEN_APPEAL, at=at, page=page
    )
    return _handled(
        case,
        Beside(
            account=account,
            address=accounts.addresses([account.id], on=at.date()).get(account.id, ""),
            balance=ledger.balance(account.id),
            bills=tuple(billing.bills_of(account.id, limit=FEW)),
            contacts=tuple(cases.contacts_of(account.id, limit=FEW)),
            remarks=tuple(cases.remarks_of(account.id, limit=FEW)),
        ),
    )


def _handled(case: CasePage, beside: Beside | None) -> HandledCase:
    """Return the case with what hangs on its matter, as it is after the running contact was joined."""
    if case.matter_id is None:
        return HandledCase(case, beside)
    there = cases.on_matter(case.matter_id)
    tickets = visits.visits_of_contacts(one.contact_id for one in there.contacts)
    names = {one.code: one.name for one in offices.directory()} if tickets else {}
    joined = []
    for one in there.contacts:
        visit = tickets.get(one.contact_id)
        joined.append(JoinedContact(one, visit, names.get(visit.office_code, visit.office_code) if visit else ""))
    return HandledCase(case, beside, tuple(joined), there.others)


def _join_contact(case: CasePage, *, user_id: int, at: datetime) -> None:
    """Hang the visit or call that runs on the matter of its customer's open case: the contact is about it."""
    if case.row.state not in OPEN_STATES:
        return
    contact = cases.running(user_id)
    if contact is None or contact.number != case.row.account_number:
        return
    handling.join_contact_seen(contact.contact_id, matter_id=cases.matter_of_case(case.row.case_id), by=user_id, at=at)


def report(user_id: int, *, from_on: date, to_on: date, at: datetime) -> CaseReport:
    """Return the figures of cases registered in a period, offices by their names."""
    found = cases.case_report(user_id, from_on=from_on, to_on=to_on, at=at)
    names = {one.code: one.name for one in offices.directory()}
    return replace(found, offices=tuple(replace(one, name=names.get(one.key, one.key)) for one in found.offices))


@dataclass(frozen=True, slots=True)
class Slip:
    """What the applicant takes with him: his case, the code to look it up by, who took it."""

    case: CasePage
    receipt_code: str
    answer_on: date | None
    company: CompanyView
    taken_by: str
    position: str


def slip(number: str, *, user_id: int, at: datetime) -> Slip:
    """Return the slip of a case; raise NotFound for whom it must not reach."""
    case_id = cases.open_for(user_id, number)
    who = people.person(user_id)
    return Slip(
        case=cases.case_page(case_id, user_id=user_id, at=at),
        receipt_code=cases.receipt_code(case_id),
        answer_on=cases.clock_due_on(case_id, kind=ClockKind.ANSWER),
        company=offices.company(at.date()),
        taken_by=who.name,
        position=who.position,
    )
