"""Pure rules of prices: what a tariff must cover, how a volume is priced."""

from enum import StrEnum


class Structure(StrEnum):
    """How a month's volume is cut into steps."""

    FLAT = "flat"
    SOCIAL_NORM = "social_norm"
    RANGES = "ranges"
