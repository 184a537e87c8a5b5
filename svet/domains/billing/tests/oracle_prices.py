"""The rules of prices in plain Python: segments, norms, bounds and lines, one account and one day at a time."""

from fractions import Fraction

from svet.domains.billing.tests.oracle_values import DAY, holds, whole


class PriceRules:
    """Prices `self.volumes` of `self.account` into the lines of `self.result`."""

    in_gaps = ()
    """Energy of days between two meters: its dial, watt-hours and days."""

    def household(self, on):
        rows = [row for row in self.account.households if holds(row, on)]
        return rows[0] | {"temporary": self.staying(rows[0])} if rows else None

    def staying(self, row):
        """Return the temporary residents of a row who stay longer than the policy's days in a row."""
        rows, start, end = self.account.households, row["from_on"], row["until_on"]
        visits = [one for one in rows if one["temporary"]]
        while end and (later := [one for one in visits if one["from_on"] == end]):
            end = later[0]["until_on"]
        while earlier := [one for one in visits if one["until_on"] == start]:
            start = earlier[0]["from_on"]
        if end and (end - start).days <= self.policies.temporary_residents_min_days:
            return 0
        return row["temporary"]

    def place(self, on):
        rows = [row for row in self.account.categories if holds(row, on)]
        return (rows[0]["territory"], rows[0]["category"]) if rows else (None, None)

    def version(self, on):
        territory, category = self.place(on)
        rows = [
            row
            for row in self.book.tariffs
            if (row["territory"], row["category"]) == (territory, category) and holds(row, on)
        ]
        return rows[0]["tariff_version_id"] if rows else None

    def social_norm_of_day(self, on):
        living = self.household(on)
        size = living["registered"] + living["temporary"] if living else 1
        if self.policies.social_norm_without_residents == "owners" and living and not size:
            size = living["owners"]
        size = max(size, 1)
        territory, category = self.place(on)
        rows = [
            row
            for row in self.book.social_norms
            if (row["territory"], row["category"]) == (territory, category)
            and row["persons"] <= size
            and holds(row, on)
        ]
        privileged = [row for row in rows if row["privileged"]] if living and living["privileged"] else []
        if self.policies.privileged_social_norm == "person":
            privileged = [row for row in privileged if row["persons"] == 1]
        rows = privileged or [row for row in rows if not row["privileged"]]
        if not rows:
            return None
        row = max(rows, key=lambda row: row["persons"])
        if row["privileged"] and self.policies.privileged_social_norm == "person":
            return row["wh"] * size
        return row["wh"] + (size - row["persons"]) * (row["wh_each_next"] or 0)

    def segments(self):
        """Return runs of days of one place and one tariff version."""
        runs = []
        for on in self.days:
            key = (self.place(on), self.version(on))
            if key[1] is None:
                self.result.held.add("F04")
            elif runs and runs[-1][0] == key and runs[-1][1][-1] == on - DAY:
                runs[-1][1].append(on)
            else:
                runs.append((key, [on]))
        return runs

    def bands(self):
        """Return the net energy of each band with the bases of its volumes, and the surcharge apart."""
        bands, apart = {}, 0
        for zoning, band, wh, basis, rule in self.volumes:
            if rule in ("V15", "V16", "V17"):
                apart += wh
            elif rule != "V10":
                entry = bands.setdefault((zoning, band), [0, []])
                entry[0] += wh
                entry[1].append(basis)
        return bands, apart

    def price(self, bands, apart):
        apart_done = 0
        segments = self.segments()
        if self.result.held:
            return
        done = dict.fromkeys(bands, 0)
        spent, norm_days, norm_given, up_to = 0, 0, 0, {}
        total = len(self.days)
        for (_, version), days in segments:
            spent += len(days)
            pieces = {}
            for key, (wh, _) in bands.items():
                gaps = [(part, hole) for dial, part, hole in self.in_gaps if dial == key]
                reached = whole(Fraction((wh - sum(part for part, _ in gaps)) * spent, total))
                for part, hole in gaps:
                    reached += whole(Fraction(part * sum(on <= days[-1] for on in hole), len(hole)))
                pieces[key], done[key] = reached - done[key], reached
            rates = [row for row in self.book.tariffs if row["tariff_version_id"] == version]
            reached = whole(Fraction(apart * spent, total))
            self.price_apart(days, reached - apart_done, rates)
            apart_done = reached
            norm = None
            if rates[0]["structure"] == "social_norm":
                norms = [self.social_norm_of_day(on) for on in days]
                if None in norms:
                    if pieces:
                        self.result.held.add("F06")
                    continue
                norm_days += sum(norms)
                reached = whole(Fraction(norm_days, self.month.days))
                norm, norm_given = reached - norm_given, reached
            self.price_pieces(days, pieces, rates, norm, up_to, {key: bands[key][0] for key in bands})

    def price_apart(self, days, wh, rates):
        """The surcharge of the norm: step 1 of the one-rate price, a line of its own."""
        first = [row for row in rates if (row["zoning"], row["band"], row["step"]) == ("1", "all", 1)]
        if wh and first:
            self.line(days, "all", first[0], wh, apart=True)
        elif wh:
            self.result.held.add("F05")

    def price_pieces(self, days, pieces, rates, norm, up_to, totals):
        used = sum(wh for wh in pieces.values() if wh > 0)
        before = 0
        order = ["all", "peak", "half_peak", "day", "night"]
        in_order = self.policies.bound_over_bands == "in_order"
        for zoning, band in sorted(pieces, key=lambda key: (key[0], order.index(key[1]))):
            wh = pieces[zoning, band]
            steps = sorted((r for r in rates if (r["zoning"], r["band"]) == (zoning, band)), key=lambda r: r["step"])
            if not steps:
                if wh:
                    self.result.held.add("F05")
                continue
            limits = [self.bound(step, norm, days, up_to) for step in steps]
            priced = 0
            for step, bound in zip(steps, limits, strict=True):
                if wh <= 0:
                    if step is steps[0] and (wh or not totals[zoning, band]):
                        self.line(days, band, step, wh)
                    priced = wh
                    continue
                limit = wh
                if bound is not None:
                    share = whole(Fraction(bound * (before + wh), used)) - whole(Fraction(bound * before, used))
                    if in_order:
                        share = min(bound, before + wh) - min(bound, before)
                    limit = min(wh, share)
                if limit > priced:
                    self.line(days, band, step, limit - priced)
                    priced = limit
            if priced != wh:
                self.result.held.add("F05")
            before += max(wh, 0)

    def bound(self, step, norm, days, up_to):
        if step["structure"] == "social_norm":
            return norm if step["step"] == 1 else None
        key = (step["zoning"], step["band"], step["step"])
        days_so_far, given = up_to.get(key, (0, 0))
        whole_month = self.policies.ranges_in_partial_month == "whole"
        all_days = len(self.days) if whole_month else self.month.days
        days_so_far += (step["up_to_wh"] or 0) * len(days)
        reached = whole(Fraction(days_so_far, all_days))
        up_to[key] = (days_so_far, reached)
        if step["structure"] != "ranges" or step["up_to_wh"] is None:
            return None
        return reached - given

    def line(self, days, band, step, wh, *, apart=False):
        kopecks = whole(Fraction(wh * step["rate_urub"], 10**7))
        self.result.lines.append((days[0], band, step["step"], wh, step["rate_urub"], kopecks))
        key = (days[0], band, step["step"], step["rate_urub"], days[-1] + DAY, step["zoning"])
        self.result.keys.append(None if apart else (*key, step["tariff_version_id"]))
