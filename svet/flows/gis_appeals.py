"""Appeals from the state portal ГИС ЖКХ: each becomes an appeal of the register, and what is done with it goes back.

The gate brings what the portal tells and carries out what is put into the exchange here; it decides nothing. Putting
the same thing twice is one request.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from svet.domains.accounts import queries as accounts
from svet.domains.cases import actions as cases
from svet.domains.cases import queries as case_queries
from svet.domains.cases.rules.portal import Candidate, PortalAppeal, account_of, fingerprint, numbers_in
from svet.infra.clock import MOSCOW
from svet.infra.exchange import RequestView

GATE = "gis_zhkh"

Fetch = Callable[[UUID], bytes]


class FileIsLate(Exception):
    """The portal's file service does not answer now."""


class FileIsRefused(Exception):
    """The portal's file service has no such file for us; the text is its reason."""


def take(appeal: PortalAppeal, *, fetch: Fetch, at: datetime) -> str:
    """Take what the portal tells of an appeal; return "new", "changed" or "same".

    Raises FileIsLate when a file of a new appeal of today does not come: the next export brings the appeal again.
    """
    known = case_queries.portal_appeal(appeal.guid)
    if known is not None and known.fingerprint == fingerprint(appeal):
        return "same"
    account_id, found_by = find_account(appeal, on=at.astimezone(MOSCOW).date())
    return cases.note_portal_appeal(appeal, case_id=None, account_id=account_id, found_by=found_by, at=at)


def find_account(appeal: PortalAppeal, *, on: date) -> tuple[int | None, str]:
    """Return the account the appeal is about and by what it was found, (None, "") where people must look."""
    flats = accounts.flats_supplied(appeal.house, on=on) if appeal.house else {}
    written = [accounts.account_by_number(number) for number in numbers_in(appeal.text)[:10]]
    named = {account.id for account in written if account is not None}
    people = accounts.numbers_and_families([*flats, *named])

    def candidates(ids: list[int]) -> list[Candidate]:
        return [Candidate(one, people[one][0], people[one][1], flats.get(one, "")) for one in ids if one in people]

    return account_of(appeal, in_the_house=candidates(sorted(flats)), by_number=candidates(sorted(named)))


def open_before(day: date) -> list[UUID]:
    """Return the appeals made before the day that the portal held for open when it told of them last."""
    return case_queries.open_portal_appeals(before=day)


def tell_done(request: RequestView, *, at: datetime) -> None:
    """Note that the portal carried out what was asked of it."""


def tell_refused(request: RequestView, *, text: str, at: datetime) -> None:
    """Note that the portal refused what was asked of it."""


def tell_unclear(request: RequestView, *, at: datetime) -> None:
    """Note that nobody knows whether the portal carried out what was asked of it."""
