"""Where money is taken near a place: the offices with a cash desk and the places of others, the nearest first (W2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from svet.domains.offices import queries as offices
from svet.domains.offices.queries import PaymentPlaceView
from svet.domains.offices.rules.channels import Deed, Way
from svet.domains.payments import queries as payments
from svet.domains.payments.rules import SourceKind
from svet.flows import office_pages
from svet.flows.office_pages import OfficeCard, Wanted

_BY_OTHERS = frozenset({SourceKind.TERMINAL, SourceKind.BANK_REGISTER})


@dataclass(frozen=True, slots=True)
class Places:
    """Cash desks with their offices, then places of others and who else takes payments by the number of an account.

    `redirect` says where to go while our desks are all turned off (clause M5).
    """

    cards: tuple[OfficeCard, ...]
    is_none_near: bool
    redirect: str
    others: tuple[PaymentPlaceView, ...]
    agents: tuple[str, ...]


def near(text: str, *, at: datetime) -> Places:
    """Return the cash desks near a settlement or street, all of them where none is near."""
    having = {one.office_code for one in payments.tills() if one.active}
    near_it, everywhere = (
        tuple(card for card in office_pages.listed(wanted, at=at).cards if card.office.code in having)
        for wanted in (Wanted(text=text), Wanted())
    )
    off = offices.turned_off(at=at, deed=Deed.PAYMENT)
    return Places(
        cards=near_it or everywhere,
        is_none_near=bool(text) and not near_it,
        redirect=next((one.redirect for one in off if one.way is Way.OFFICE), ""),
        others=tuple(offices.payment_places(at.date(), text=text)),
        agents=agents(),
    )


def agents() -> tuple[str, ...]:
    """Return the names of those who take payments for us by the number of an account, at their desks and terminals."""
    return tuple(sorted({one.name for one in payments.sources() if one.active and one.kind in _BY_OTHERS}))
