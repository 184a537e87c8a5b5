"""What the Standard demands of the site's content, and when a page counts as fresh."""

from svet.domains.content.rules.freshness import Freshness, Reviewed, freshness_of
from svet.domains.content.rules.items import EVENTS, ITEMS, Item, MandatoryItem
from svet.domains.content.rules.live_parts import LivePart
from svet.domains.content.rules.spelling import corrected

__all__ = [
    "EVENTS",
    "ITEMS",
    "Freshness",
    "Item",
    "LivePart",
    "MandatoryItem",
    "Reviewed",
    "corrected",
    "freshness_of",
]
