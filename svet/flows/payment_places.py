"""Where money is taken near a place: the offices with a cash desk and the places of others, the nearest first (W2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from svet.domains.offices import queries as offices
from svet.domains.offices.queries import PaymentPlaceView
from svet.domains.payments import queries as payments
from svet.domains.payments.rules import SourceKind
from svet.flows import cash_desks, office_pages
from svet.flows.office_pages import OfficeCard, Wanted

_BY_OTHERS = frozenset({SourceKind.TERMINAL, SourceKind.BANK_REGISTER})


@dataclass(frozen=True, slots=True)
class Places:
    """Cash desks with their offices, then places of others and who else takes payments by the number of an account.

    `redirect` says where to go while our desks are all turned off (clause M5); `closed`: why the desk of an office is
    closed today, empty for one that is not.
    """

    cards: tuple[OfficeCard, ...]
    closed: Mapping[str, str]
    is_none_near: bool
    redirect: str
    others: tuple[PaymentPlaceView, ...]
    agents: tuple[str, ...]


def near(text: str, *, at: datetime) -> Places:
    """Return the cash desks near a settlement or street, all of them where none is near."""
    having = cash_desks.desks(at=at)
    near_it, everywhere = (
        tuple(card for card in office_pages.listed(wanted, at=at).cards if card.office.code in having)
        for wanted in (Wanted(text=text), Wanted())
    )
    return Places(
        cards=near_it or everywhere,
        closed=having,
        is_none_near=bool(text) and not near_it,
        redirect=cash_desks.turned_off(at=at),
        others=tuple(offices.payment_places(at.date(), text=text)),
        agents=agents(),
    )


def agents() -> tuple[str, ...]:
    """Return the names of those who take payments for us by the number of an account, at their desks and terminals."""
    return tuple(sorted({one.name for one in payments.sources() if one.active and one.kind in _BY_OTHERS}))
