"""The rules of a month once more, in plain Python: one account at a time, day by day, in fractions.

Written from the rules, not from the engine, and as simply as they can be said. Rows are dictionaries with the
columns of the frames.
"""

from datetime import date
from fractions import Fraction

from svet.domains.billing.tests.oracle_perks import PerkRules
from svet.domains.billing.tests.oracle_prices import PriceRules
from svet.domains.billing.tests.oracle_values import DAY, Account, Book, Result, days_of, holds, index, whole
from svet.domains.billing.tests.oracle_volumes import VolumeRules
from svet.kernel.period import Month

__all__ = ["Account", "Book", "rate_one"]


APART = ("P10", "Q01", "H01", "H04", "B01", "B02", "B03", "U01")


class Oracle(VolumeRules, PriceRules, PerkRules):
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
        bands, apart = self.bands()
        result = self.result
        self.price(bands, apart)
        less = self.reduction(sum(line[5] for line in result.lines))
        worth = self.worth(self.energy(), -less)
        if less:
            result.lines.append((min(line[0] for line in result.lines), "all", 1, 0, 0, -less))
        shared = self.share()
        self.favour(self.month.first_on, worth)
        settled = sorted(set(self.back) | set(self.raised_back) | set(self.shares))
        sums = {self.month.first_on: sum(line[5] for line in result.lines)}
        for month_on in settled:
            sums[month_on] = self.settle(month_on)
        result.wh = sum(line[3] for line in result.lines) - shared
        for month_on, kopecks in self.acts().items():
            sums[month_on] = sums.get(month_on, 0) + kopecks
        result.kopecks = sum(line[5] for line in result.lines)
        vats = {row["month_on"]: row["vat_percent_e2"] for row in self.book.vats}
        result.vat = sum(whole(Fraction(kop * vats[on], 10_000 + vats[on])) for on, kop in sums.items())
        order = ["measured", "average", "norm"]
        result.basis = max((volume[3] for volume in self.volumes), key=order.index, default="measured")
        result.months = max(self.months, default=0)
        return result

    def reduction(self, amount):
        """Return 0.15 per cent of the month's charge for each hour that supply failed over the allowed time."""
        if amount <= 0:
            return 0
        over, months = 0, {}
        first, last = ((on - date(1970, 1, 1)).days * 1440 for on in (self.days[0], self.days[-1] + DAY))
        begins, ends = ((on - date(1970, 1, 1)).days * 1440 for on in (self.month.first_on, self.month.next.first_on))
        for event in self.account.interruptions:
            if event["from_minute"] >= ends or event["until_minute"] <= begins:
                continue
            hours = self.policies.quality_allowed_hours
            if event["independent_sources"] == 2:
                hours = self.policies.quality_allowed_hours_two_sources
            allowed = hours * 60 if event["kind"] == "outage" else 0
            start, end = event["from_minute"], min(event["until_minute"], last)
            if self.policies.quality_excess == "per_event":
                over += max(end - max(start + allowed, first), 0)
            else:
                entry = months.setdefault(event["kind"], [0, allowed])
                entry[0] += max(end - max(start, first), 0)
                entry[1] = min(entry[1], allowed)
        over += sum(max(minutes - allowed, 0) for minutes, allowed in months.values())
        hours_e2 = whole(Fraction(over * 100, 60))
        return min(whole(Fraction(amount * self.policies.quality_percent_e2 * hours_e2, 1_000_000)), amount)

    def energy(self):
        """Return the lines of the month's own energy with what tells them apart."""
        both = zip(self.result.lines, self.result.keys, strict=False)
        return [(line, key) for line, key in both if key is not None]

    def share(self):
        """Price what falls to the supply of its house by days of each price list, beside everything else."""
        shared = 0
        for row in self.account.common_needs:
            if not row["wh"]:
                continue
            self.result.volumes.append((row["rule"], None, "all", row["wh"]))
            spent = done = 0
            for (_, version), days in self.segments():
                spent += len(days)
                reached = whole(Fraction(row["wh"] * spent, len(self.days)))
                rates = [rate for rate in self.book.tariffs if rate["tariff_version_id"] == version]
                self.price_apart(days, reached - done, rates)
                done = reached
            shared += done
        return shared

    def settle(self, month_on):
        """Price an earlier month anew with what was truly used, and turn the lines that stand for it."""
        standing = [row for row in self.prior(month_on) if row["rule"] not in APART]
        bands = {}
        for row in standing:
            bands.setdefault((row["zoning"], row["band"]), [0, []])[0] += row["wh"]
        for key, wh in self.back.get(month_on, []) + self.shares.get(month_on, []):
            bands.setdefault(key, [0, []])[0] += wh
        earlier = Oracle(self.account, self.book, Month.of(month_on), self.policies)
        every = self.prior(month_on)
        first, last = min(row["from_on"] for row in every), max(row["until_on"] for row in every)
        earlier.in_gaps = [
            ((row["zoning"], row["band"]), row["wh"], [row["from_on"] + DAY * step for step in range(days)])
            for row in self.account.prior_gaps
            if row["month_on"] == month_on
            for days in [(row["until_on"] - row["from_on"]).days]
        ]
        earlier.days = [first + DAY * step for step in range((last - first).days)]
        earlier.price(bands, sum(self.raised_back.get(month_on, [])))
        self.result.held |= earlier.result.held
        fresh, turned = list(zip(earlier.result.lines, earlier.result.keys, strict=True)), {}
        for row in standing:
            key = (row["from_on"], row["band"], row["step"], row["rate_urub"], row["until_on"], row["zoning"])
            key += (row["tariff_version_id"],)
            entry = turned.setdefault(key, [0, 0])
            entry[0] -= row["wh"]
            entry[1] -= row["amount_kop"]
        before = sum(line[5] for line in self.result.lines)
        stood, surcharged = (sum(row["amount_kop"] for row in every if row["rule"] == rule) for rule in ("Q01", "P10"))
        less = earlier.reduction(sum(line[5] for line in earlier.result.lines) + surcharged)
        if -less != stood:
            self.result.lines.append((first, "all", 1, 0, 0, -less - stood))
        self.favour(month_on, earlier.worth(earlier.energy(), -less))
        for line, key in fresh:
            if line[3] and key is None:
                self.result.lines.append(line)
            elif line[3] and turned.get(key) == [-line[3], -line[5]]:
                del turned[key]
            elif line[3]:
                self.result.lines.append(line)
        for key, (wh, kopecks) in turned.items():
            if wh or kopecks:
                self.result.lines.append((key[0], key[1], key[2], wh, key[3], kopecks))
        return sum(line[5] for line in self.result.lines) - before


def rate_one(account, book, *, month, policies):
    """Return what one account owes for a month, by the rules said plainly."""
    return Oracle(account, book, month, policies).rate()
