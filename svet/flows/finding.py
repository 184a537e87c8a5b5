"""One search for everything a caller may say: account, name, address, phone, meter, bill.

Who is not identified yet stays hidden (clause T3): of what is found only the words are whole that were typed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from svet.domains.accounts import queries as accounts
from svet.domains.accounts.queries import Findings, Found
from svet.domains.accounts.rules import masked
from svet.domains.billing import queries as billing
from svet.domains.billing.rules.documents import parsed_bill_number
from svet.domains.metering import queries as metering

SHORTEST_SERIAL = 4


@dataclass(frozen=True, slots=True)
class FoundPage:
    """What was found: `by` says through what, `is_guess` that slips in the text were made good."""

    found: tuple[Found, ...]
    has_more: bool = False
    is_guess: bool = False
    by: str = ""


def find(text: str, *, limit: int) -> FoundPage:
    """Return the accounts that `text` may mean, at most `limit`; of names and addresses only what was typed shows."""
    text = text.strip()
    bill = parsed_bill_number(text)
    if bill is not None:
        account_id = billing.account_of_bill(bill[0], number=bill[1])
        if account_id is not None:
            return _page(Findings(accounts.found_rows([account_id], limit=limit)), by="bill")
    findings = accounts.search(text, limit=limit)
    if len(text) >= SHORTEST_SERIAL and (findings.is_guess or not findings.has_more):
        known = {one.account_id for one in findings.found}
        metered = [one for one in metering.accounts_by_serial(text, limit=limit) if one not in known]
        if metered:
            exact = () if findings.is_guess else findings.found
            return _page(Findings((*exact, *accounts.found_rows(metered, limit=limit))), by="meter")
    return _page(findings)


def _page(findings: Findings, *, by: str = "") -> FoundPage:
    rows = tuple(
        replace(
            one,
            customer_name=masked(one.customer_name, typed=findings.words),
            address=masked(one.address, typed=findings.words),
        )
        for one in findings.found
    )
    return FoundPage(rows, has_more=findings.has_more, is_guess=findings.is_guess, by=by)
