"""The fifteen things that the site must tell (clause W2), each with its place and when it is renewed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from svet.domains.content.rules.live_parts import LivePart


class MandatoryItem(StrEnum):
    """What must be on the site, in the order of the Standard."""

    TARIFFS = "tariffs"
    CONTRACT_FORMS = "contract_forms"
    CONTRACT_PROCEDURE = "contract_procedure"
    NON_PAYMENT = "non_payment"
    READINGS = "readings"
    HOW_TO_PAY = "how_to_pay"
    HOW_TO_APPEAL = "how_to_appeal"
    NORMS = "norms"
    PLACES_OF_PAYMENT = "places_of_payment"
    OFFICES = "offices"
    PROMOTIONS = "promotions"
    QUESTIONS = "questions"
    READING_SERVICES = "reading_services"
    GRID_COMPANIES = "grid_companies"
    COMPUTATION = "computation"


@dataclass(frozen=True, slots=True)
class Item:
    """One of the fifteen: its page, after how many months it must be read again, what happens that makes it doubtful
    at once, and the live parts without which it is empty.
    """

    code: MandatoryItem
    path: str
    months: int
    events: tuple[str, ...] = ()
    live: tuple[LivePart, ...] = ()


NEW_PRICES = "tariffs.version_published"
NEW_OFFICES = "offices.standard_loaded"

ITEMS: tuple[Item, ...] = (
    Item(MandatoryItem.TARIFFS, "info/prices/", 6, (NEW_PRICES,), (LivePart.TARIFFS,)),
    Item(MandatoryItem.CONTRACT_FORMS, "info/contract-forms/", 12, (), (LivePart.FORMS,)),
    Item(MandatoryItem.CONTRACT_PROCEDURE, "info/contract/", 12),
    Item(MandatoryItem.NON_PAYMENT, "info/non-payment/", 12, (), (LivePart.CONSEQUENCES,)),
    Item(MandatoryItem.READINGS, "info/readings/", 12, (), (LivePart.READING_WAYS,)),
    Item(MandatoryItem.HOW_TO_PAY, "info/how-to-pay/", 6, (), (LivePart.PAYMENT_WAYS, LivePart.COMPANY)),
    Item(MandatoryItem.HOW_TO_APPEAL, "info/how-to-appeal/", 12, (), (LivePart.APPEAL_WAYS, LivePart.APPEAL_TERM)),
    Item(MandatoryItem.NORMS, "info/norms/", 12, (NEW_PRICES,), (LivePart.NORMS,)),
    Item(MandatoryItem.PLACES_OF_PAYMENT, "info/where-to-pay/", 6, (NEW_OFFICES,), (LivePart.PAYMENT_PLACES,)),
    Item(MandatoryItem.OFFICES, "info/our-offices/", 6, (NEW_OFFICES,), (LivePart.OFFICES,)),
    Item(MandatoryItem.PROMOTIONS, "news/", 3),
    Item(MandatoryItem.QUESTIONS, "faq/", 6),
    Item(MandatoryItem.READING_SERVICES, "info/reading-services/", 12, (), (LivePart.READING_WAYS,)),
    Item(MandatoryItem.GRID_COMPANIES, "info/grid-companies/", 12, (), (LivePart.GRID_COMPANIES,)),
    Item(MandatoryItem.COMPUTATION, "info/computation/", 6, (NEW_PRICES,), (LivePart.TARIFFS, LivePart.BENEFITS)),
)

EVENTS: frozenset[str] = frozenset(event for item in ITEMS for event in item.events)
"""Facts after which some page must be read again."""
