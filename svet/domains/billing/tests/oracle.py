"""The rules of a month once more, in plain Python: one account at a time, day by day, in fractions.

Written from the rules, not from the engine, and as simply as they can be said. Rows are dictionaries with the
columns of the frames.
"""

from fractions import Fraction

from svet.domains.billing.tests.oracle_prices import PriceRules
from svet.domains.billing.tests.oracle_values import Account, Book, Result, days_of, holds, index, whole
from svet.domains.billing.tests.oracle_volumes import VolumeRules

__all__ = ["Account", "Book", "rate_one"]


class Oracle(VolumeRules, PriceRules):
    """One account in one month."""

    def __init__(self, account, book, month, policies):
        self.account, self.book, self.month, self.policies = account, book, month, policies
        self.result = Result()
        self.this = index(month.first_on)
        self.supply = account.supplies[0]
        self.days = [on for on in days_of(month) if holds(self.supply, on)]
        self.last = self.supply["agreement_until_on"]

    def rate(self):
        self.measure()
        self.price()
        result = self.result
        result.wh = sum(line[3] for line in result.lines)
        result.kopecks = sum(line[5] for line in result.lines)
        result.vat = whole(Fraction(result.kopecks * self.book.vat_percent_e2, 10_000 + self.book.vat_percent_e2))
        order = ["measured", "average", "norm"]
        result.basis = max((volume[3] for volume in self.volumes), key=order.index, default="measured")
        result.months = max(self.months, default=0)
        return result


def rate_one(account, book, *, month, policies):
    """Return what one account owes for a month, by the rules said plainly."""
    return Oracle(account, book, month, policies).rate()
