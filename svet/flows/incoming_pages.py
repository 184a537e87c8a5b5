"""What the desk shows of the messages that people sent, with the accounts that they are about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from svet.domains.accounts import queries as accounts
from svet.domains.notifications import queries as messages
from svet.domains.notifications.queries import SmsView

ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class SmsRow:
    """An SMS and the number of its account, "" where it has none."""

    sms: SmsView
    account_number: str


@dataclass(frozen=True, slots=True)
class SmsPage:
    """One page of a list: its rows, which it is of how many, how many SMS of each state there are altogether."""

    rows: tuple[SmsRow, ...]
    number: int
    pages: int
    counts: Mapping[str, int]


def sms_page(*, states: Sequence[str], phone: str, page: int) -> SmsPage:
    """Return a page of the SMS of these states and this phone, the latest first; the last page for one beyond it."""
    _, total = messages.sms_page(states=states, phone=phone, limit=0)
    pages = max((total + ON_A_PAGE - 1) // ON_A_PAGE, 1)
    number = min(max(page, 1), pages)
    found, _ = messages.sms_page(states=states, phone=phone, limit=ON_A_PAGE, offset=(number - 1) * ON_A_PAGE)
    numbers = accounts.numbers_and_families({one.account_id for one in found if one.account_id is not None})
    rows = tuple(SmsRow(one, numbers.get(one.account_id or 0, ("", ""))[0]) for one in found)
    return SmsPage(rows, number, pages, messages.sms_counts())
