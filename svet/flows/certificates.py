"""Certificates of what is owed on a day: given out from the account area or over the counter, reprinted as they were.

All that the paper shows is frozen when it is given out: names, address, company, author.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from svet.domains.access import queries as access
from svet.domains.accounts.queries import AccountView
from svet.domains.accounts.rules import GrantRole
from svet.domains.ledger import actions as ledger_actions
from svet.domains.ledger import queries as ledger
from svet.domains.ledger.queries import CertificateView, CheckedCertificate
from svet.domains.ledger.rules import CertificateKind
from svet.domains.offices import queries as offices
from svet.domains.offices.queries import CompanyView
from svet.domains.offices.rules.facts import PhoneFacts
from svet.flows.statements import address_of
from svet.kernel.errors import DomainError, NotAllowed

CABINET, DESK = "cabinet", "desk"


@dataclass(frozen=True, slots=True)
class CertificatePaper:
    """A certificate with all that its paper shows, as it stood when it was given out."""

    certificate: CertificateView
    account_number: str
    customer_name: str
    address: str
    company: CompanyView
    author: str
    position: str
    check_url: str


@dataclass(frozen=True, slots=True)
class CertificatesPage:
    """The certificates of an account and whether the person may ask for one more."""

    certificates: tuple[CertificateView, ...]
    may_ask: bool


def page(account: AccountView, *, by_staff: bool = False) -> CertificatesPage:
    """Return the certificates of the account, the latest first."""
    return CertificatesPage(tuple(ledger.certificates_of(account.id)), by_staff or account.role == GrantRole.OWNER)


def give(
    account: AccountView,
    *,
    kind: CertificateKind,
    stated_on: date,
    request_key: str,
    check_url: str,
    by: int | None,
    at: datetime,
) -> CertificateView:
    """Give a certificate to the owner in the account area (`by` is None), or over the counter in the name of staff.

    Raises NotAllowed for anybody but the owner, DomainError("account_was_not_open") for a day before the account,
    and what `ledger.actions.issue_certificate` raises.
    """
    if by is None and account.role != GrantRole.OWNER:
        raise NotAllowed(number=account.number)
    if stated_on < account.opened_on:
        raise DomainError("account_was_not_open", opened_on=account.opened_on)
    author = None if by is None else access.person(by)
    return ledger_actions.issue_certificate(
        account.id,
        kind=kind,
        stated_on=stated_on,
        channel=CABINET if by is None else DESK,
        issued_by=by,
        request_key=request_key,
        snapshot={
            "account_number": account.number,
            "customer_name": account.customer_name,
            "address": address_of(account, on=stated_on),
            "company": asdict(offices.company(at.date())),
            "author": author.name if author else "",
            "position": author.position if author else "",
            "check_url": check_url,
        },
        at=at,
    )


def paper(account: AccountView, *, number: int) -> CertificatePaper:
    """Return one certificate of the account as it was given out; raise NotFound."""
    found = ledger.certificate(account.id, number)
    kept = found.snapshot
    return CertificatePaper(
        certificate=found,
        account_number=kept["account_number"],
        customer_name=kept["customer_name"],
        address=kept["address"],
        company=_thawed(kept["company"]),
        author=kept["author"],
        position=kept["position"],
        check_url=kept["check_url"],
    )


def check(number: int, *, code: str) -> CheckedCertificate | None:
    """Return what anybody may learn of the certificate with this number and code; None unless it is genuine."""
    return ledger.check_certificate(number, code=code)


def _thawed(kept: Mapping[str, Any]) -> CompanyView:
    phones = tuple(
        PhoneFacts(
            **phone
            | {"opens_at": time.fromisoformat(phone["opens_at"]), "closes_at": time.fromisoformat(phone["closes_at"])}
        )
        for phone in kept["phones"]
    )
    return CompanyView(**{**kept, "phones": phones})
