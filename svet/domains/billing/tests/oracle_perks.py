"""The rules of benefits and acts in plain Python: one entitlement, one number of residents, one line at a time."""

from fractions import Fraction

from svet.domains.billing.tests.oracle_values import DAY, holds, whole

DIALS = ["all", "peak", "half_peak", "day", "night"]
FORMS = ["kwh", "percent", "roubles"]


class PerkRules:
    """Takes benefits off the lines of `self.result`; adds what acts charge."""

    def persons(self, on):
        """Return who live there: residents, or the owners when nobody is registered."""
        living = self.household(on)
        if living is None:
            return None
        return living["registered"] + living["temporary"] or living["owners"]

    def worth(self, lines, quality):
        """Return {(entitlement, form): (wh, base, kopecks)} of the month of `self.days`; no more than it costs."""
        sums = {}
        for row in self.account.entitlements:
            for persons in {self.persons(on) for on in self.days if holds(row, on)}:
                days = [on for on in self.days if holds(row, on) and self.persons(on) == persons]
                found = self.piece(row, days, persons, lines)
                entry = sums.setdefault((row["entitlement_id"], row["form"]), [0, 0, 0])
                for place, value in enumerate(found):
                    entry[place] += value
        left = max(sum(line[5] for line, _ in lines) + quality, 0)
        taken, given = 0, {}
        for key in sorted(sums, key=lambda key: (FORMS.index(key[1]), key[0])):
            wh, base, kopecks = sums[key]
            taken_before, taken = min(taken, left), taken + kopecks
            given[key] = (wh, base, min(taken, left) - taken_before)
        return given

    def piece(self, row, days, persons, lines):
        """Return energy, its cost and the benefit of the days with one number of residents."""
        each = row["people"] if row["is_per_person"] else 1
        if row["form"] == "roubles":
            return 0, 0, whole(Fraction(row["amount_kop"] * each * len(days), self.month.days))
        limit = None
        if row["covers"] == "volume":
            limit = whole(Fraction(row["limit_wh"] * each * len(days), self.month.days))
        layers = {}
        for line, key in lines:
            start, band, step, wh, _, kopecks = line
            if not wh or (row["covers"] != "all" and wh < 0) or (row["covers"] == "first_step" and step != 1):
                continue
            mine = len([on for on in days if start <= on < key[4]])
            there = whole(Fraction(wh * mine, (key[4] - start).days))
            layer = step if self.policies.benefit_steps == "first_steps" else 0
            order = (key[5], DIALS.index(band), start, step)
            if mine:
                layers.setdefault(layer, []).append((order, there, wh, kopecks))
        covered, cost = 0, 0
        for layer in sorted(layers):
            rows = sorted(layers[layer])
            total, left = sum(there for _, there, _, _ in rows), limit
            if limit is not None:
                left, limit = min(limit, total), limit - min(limit, total)
            run = 0
            for _, there, wh, kopecks in rows:
                took = there
                if left is not None:
                    upto = whole(Fraction(left * (run + there), max(total, 1)))
                    took = upto - whole(Fraction(left * run, max(total, 1)))
                run += there
                covered += took
                cost += whole(Fraction(kopecks * took, wh))
        share, among = (min(row["people"], persons), persons) if row["is_share"] and persons else (1, 1)
        return covered, cost, whole(Fraction(cost * row["percent_e2"] * share, 10_000 * among))

    def favour(self, month_on, worth):
        """Keep what each benefit is worth, less what was given for the month before, as a line where it reduces."""
        method = self.policies.benefit_method
        found = {(key, method): list(value) for key, value in worth.items()}
        for row in self.account.given:
            if row["month_on"] == month_on:
                entry = found.setdefault(((row["entitlement_id"], row["form"]), row["method"]), [0, 0, 0])
                for place, name in enumerate(("wh", "base_kop", "amount_kop")):
                    entry[place] -= row[name]
        for ((entitlement, form), way), (wh, base, kopecks) in found.items():
            if wh or kopecks:
                self.result.benefits.append((month_on, entitlement, form, way, wh, base, kopecks))
            if kopecks and way == "reduces_bill":
                start = self.starts(month_on, entitlement)
                self.result.lines.append((start, "all", 1, 0, 0, -kopecks))

    def starts(self, month_on, entitlement):
        """Return the first day of the benefit within what is charged of the month."""
        if month_on == self.month.first_on:
            days = self.days
        else:
            prior = self.prior(month_on)
            first, last = min(row["from_on"] for row in prior), max(row["until_on"] for row in prior)
            days = [first + DAY * step for step in range((last - first).days)]
        rows = [row for row in self.account.entitlements if row["entitlement_id"] == entitlement]
        mine = [on for on in days if any(holds(row, on) for row in rows)]
        given = [row for row in self.account.given if row["month_on"] == month_on]
        stood = any(row["entitlement_id"] == entitlement for row in given)
        return days[0] if stood else min(mine)

    def acts(self):
        """Add what acts charge in this month; return it by the months for which it is."""
        sums = {}
        for row in self.account.unmetered:
            self.result.lines.append((row["from_on"], "all", 1, row["wh"], row["rate_urub"], row["amount_kop"]))
            on = row["from_on"].replace(day=1)
            sums[on] = sums.get(on, 0) + row["amount_kop"]
        return sums
