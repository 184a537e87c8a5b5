"""The rules of volumes in plain Python: readings, averages, norms, one account and one day at a time."""

from fractions import Fraction

from svet.domains.billing.tests.oracle_values import DAY, holds, index, whole


class VolumeRules:
    """Finds the volumes of `self.account` in `self.month`; keeps them in `self.result` and `self.volumes`."""

    def counts_for(self, reading):
        on = reading["taken_on"]
        if reading["kind"] == "final" and self.last and on == self.last:
            on -= DAY
        late = reading["kind"] == "regular" and on.day > self.policies.reading_cutoff_day
        ends_now = self.last is not None and self.last <= self.month.next.first_on
        if late and not (ends_now and index(on) == self.this):
            return index(on) + 1
        return index(on)

    def usable(self, register):
        rows = [
            row
            for row in self.account.readings
            if row["register_id"] == register["register_id"]
            and self.counts_for(row) <= self.this
            and (self.last is None or row["taken_on"] <= self.last)
        ]
        return sorted(rows, key=lambda row: (row["taken_on"], row["reading_id"]))

    def average(self, register, *, without=None):
        """Return the whole watt-hours of a month, or None."""
        monthly = {}
        for row in self.usable(register):
            if row["reading_id"] != without:
                monthly[self.counts_for(row)] = row
        if not monthly:
            return None
        last = max(monthly)
        gaps = [last - month for month in monthly]
        lowest, window, highest = (
            self.policies.average_min_months,
            self.policies.average_window_months,
            self.policies.average_window_max_months,
        )
        long = [gap for gap in gaps if max(window, lowest) <= gap <= highest]
        short = [gap for gap in gaps if lowest <= gap < window and gap <= highest]
        gap = min(long) if long else max(short, default=None)
        if gap is None:
            return None
        used = monthly[last]["value_wh"] - monthly[last - gap]["value_wh"]
        if used < 0:
            used += 10 ** register["digits"] * 1000
        return whole(Fraction(used * register["multiplier_e4"], gap * 10_000))

    def usual(self, register, *, without=None):
        """Return the register's own average, or that of the last one of its band removed before it came."""
        average = self.average(register, without=without)
        before = [
            other
            for other in self.account.registers
            if (other["zoning"], other["band"]) == (register["zoning"], register["band"])
            and other is not register
            and other["removed_on"] is not None
            and other["removed_on"] <= register["installed_on"]
        ]
        if average is None and before:
            return self.average(max(before, key=lambda row: (row["removed_on"], row["register_id"])))
        return average

    def billed_of(self, register_id):
        rows = [row for row in self.account.billed if row["register_id"] == register_id]
        return rows[0] if rows else None

    def base(self, register):
        """Return (reading id, value, day, opens now by an installation)."""
        state = self.billed_of(register["register_id"])
        if state and state["reading_id"] is not None:
            if state["now_reading_id"] is not None:
                return state["now_reading_id"], state["now_value_wh"], state["taken_on"], None
            return state["reading_id"], state["value_wh"], state["taken_on"], None
        rows = self.usable(register)
        acts = [
            row
            for row in rows
            if row["kind"] in ("installed", "initial")
            and row["taken_on"] >= min(register["installed_on"], self.supply["agreement_from_on"])
        ]
        initial = [row for row in acts if row["kind"] == "initial"]
        last_initial = [row for row in initial if row["taken_on"] == max(one["taken_on"] for one in initial)]
        for row in last_initial + acts + rows:
            return row["reading_id"], row["value_wh"], row["taken_on"], row["kind"]
        return None

    def end(self, register, base):
        later = [
            row
            for row in self.usable(register)
            if row["reading_id"] != base[0]
            and (
                row["taken_on"] > base[2]
                or (
                    row["taken_on"] == base[2]
                    and row["reading_id"] > base[0]
                    and row["kind"] in ("removed", "final", "control")
                )
            )
        ]
        return later[-1] if later else None

    def hanging(self, register):
        until = register["removed_on"]
        return [on for on in self.days if register["installed_on"] <= on and (until is None or on < until)]

    def volume(self, rule, register, wh, basis="measured", months=0):
        """Keep a volume; without a register it is of the whole day at the one-rate price."""
        zoning, band, name = ("1", "all", None)
        if register:
            zoning, band, name = register["zoning"], register["band"], register["register_id"]
        self.result.volumes.append((rule, name, band, wh))
        self.volumes.append((zoning, band, wh, basis, rule))
        self.months.append(months)

    def measure(self):
        self.volumes, self.months, covered, wanting, seen = [], [], set(), [], False
        for register in self.account.registers:
            state = self.billed_of(register["register_id"]) or {"estimated_wh": 0, "average_months": 0}
            base = self.base(register)
            if state.get("now_reading_id") is not None:
                self.correct(register, state)
            end = self.end(register, base) if base else None
            if end:
                measured = self.rise(register, base, end)
                seen = seen or measured
                if measured and state["estimated_wh"]:
                    self.volume("V07", register, -state["estimated_wh"])
                covered |= set(self.hanging(register))
                continue
            if base and base[3]:
                self.volume("V10", register, 0)
            if self.hanging(register):
                if self.estimate(register, state):
                    covered |= set(self.hanging(register))
                else:
                    wanting.append((register, base, state))
        place = self.billed_of(None)
        if seen and place and place["estimated_wh"]:
            self.volume("V08", None, -place["estimated_wh"])
        self.by_norm([on for on in self.days if on not in covered], wanting, place)

    def correct(self, register, state):
        dial = 10 ** register["digits"] * 1000
        step = state["now_value_wh"] - state["value_wh"]
        if step > dial // 2:
            step -= dial
        elif step < -(dial // 2):
            step += dial
        self.volume(
            "V09",
            register,
            whole(Fraction(step * register["multiplier_e4"], 10_000)),
        )

    def rise(self, register, base, end):
        rise, rule = end["value_wh"] - base[1], "V01"
        by_installation = base[3] == "installed" and base[2] > self.month.first_on
        if end["kind"] == "removed" or by_installation:
            rule = "V03"
        if rise < 0:
            rise += 10 ** register["digits"] * 1000
            rule = "V02"
            months = max(index(end["taken_on"]) - index(base[2]), 1)
            usual = self.usual(register, without=end["reading_id"])
            bound = self.policies.rollover_limit_kwh * 1000
            if usual is not None:
                bound = self.policies.rollover_factor * usual
            if rise < 0 or Fraction(rise * register["multiplier_e4"], 10_000) > bound * months:
                self.result.held.add("F01")
                return False
        wh = whole(Fraction(rise * register["multiplier_e4"], 10_000))
        self.volume(rule, register, wh)
        return True

    def estimate(self, register, state):
        average = self.usual(register)
        if average is None or state["average_months"] >= self.policies.average_limit_months:
            return False
        wh = whole(Fraction(average * len(self.hanging(register)), self.month.days))
        self.volume("V04", register, wh, "average", state["average_months"] + 1)
        return True

    def by_norm(self, days, wanting, place):
        """Charge each day by the norm of that day; a day belongs to a meter that has a first reading, or to none."""
        metered = [(register, base, state) for register, base, state in wanting if base]
        first = min((max(self.hanging(r)[0], b[2]) for r, b, _ in metered), default=None)
        last = max((self.hanging(r)[-1] for r, _, _ in metered), default=None)
        sums = {}
        for on in days:
            instead = first is not None and first <= on <= last
            sums.setdefault("V05" if instead else "V06", []).append(self.norm_of_day(on))
        for rule, norms in sums.items():
            if None in norms:
                continue
            months = (place["norm_months"] if place else 0) + 1
            if rule == "V05":
                months += max(state["average_months"] for _, _, state in metered)
            self.volume(rule, None, whole(Fraction(sum(norms), self.month.days)), "norm", months)

    def norm_of_day(self, on):
        living = self.household(on)
        persons = (living["registered"] + living["temporary"] or living["owners"]) if living else 0
        if not persons:
            self.result.held.add("F03")
            return None
        territory = self.place(on)[0]
        rows = [
            row
            for row in self.book.consumption_norms
            if row["territory"] == territory
            and row["electric_stove"] == self.supply["electric_stove"]
            and row["electric_heating"] == self.supply["electric_heating"]
            and self.supply["rooms"] is not None
            and row["rooms"] <= self.supply["rooms"]
            and row["persons"] <= persons
            and holds(row, on)
        ]
        if not rows:
            self.result.held.add("F02")
            return None
        return persons * max(rows, key=lambda row: (row["rooms"], row["persons"]))["wh_per_person"]
