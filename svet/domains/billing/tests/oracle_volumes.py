"""The rules of volumes in plain Python: readings, averages, norms, one account and one day at a time."""

from fractions import Fraction

from svet.domains.billing.tests.oracle_values import DAY, holds, index, whole

MONTHS = {"no_reading": "average_months", "refused": "refused_months", "failed": "failed_months"}
STRENGTH = ["no_reading", "refused", "failed"]
NEVER_BILLED = {
    "reading_id": None, "now_reading_id": None, "final_until_on": None, "gap_until_on": None, "average_months": 0,
    "failed_months": 0, "refused_months": 0,
}  # fmt: skip


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
        """Return the readings that may be used: not those of an unfit meter, nor one's own after refusals."""
        rows = [
            row
            for row in self.account.readings
            if row["register_id"] == register["register_id"]
            and self.counts_for(row) <= self.this
            and (self.last is None or row["taken_on"] <= self.last)
            and not any(self.strictly_within(row["taken_on"], span) for span in self.unfit(register))
            and not self.waits_for_a_check(row)
        ]
        return sorted(rows, key=lambda row: (row["taken_on"], row["reading_id"]))

    def conditions(self, kind):
        return [
            (row["from_on"], row["until_on"], row["meter_id"])
            for row in self.account.conditions
            if row["kind"] == kind and row["from_on"] < self.month.next.first_on
        ]

    def unfit(self, register):
        """Return the periods in which the meter was unfit; those not mended have no end."""
        failed = self.conditions("failed")
        spans = [(start, end) for start, end, meter in failed if meter == register["meter_id"]]
        due = register["verification_due_on"]
        if self.policies.verification_expired == "average" and due and due + DAY < self.month.next.first_on:
            spans.append((due + DAY, None))
        return spans

    @staticmethod
    def strictly_within(on, span):
        return span[0] < on and (span[1] is None or on < span[1])

    def in_month(self, span):
        return span[1] is None or span[1] > self.month.first_on

    def waits_for_a_check(self, row):
        acts = [one for one in self.conditions("access_refused") if self.strictly_within(row["taken_on"], one)]
        return row["kind"] == "regular" and len(acts) >= self.policies.access_refused_acts

    def telling(self, register):
        """Return the readings of which an average may be formed."""
        rows, spans = self.usable(register), self.unfit(register)
        if spans and register["register_id"] in self.estimated_as_unfit:
            return [row for row in rows if self.counts_for(row) < index(min(span[0] for span in spans))]
        ends = [span[1] for span in spans if span[1]]
        return [row for row in rows if not ends or row["taken_on"] >= max(ends)]

    @staticmethod
    def falls(life):
        return life["base"] and life["end"] and life["end"]["value_wh"] < life["base"][1]

    def average(self, register, *, without=()):
        """Return the whole watt-hours of a month, or None."""
        monthly = {}
        for row in self.telling(register):
            if row["reading_id"] not in without:
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

    def usual(self, register, *, without=()):
        """Return the register's own average, or that of the last one of its band removed before it came."""
        average = self.average(register, without=without)
        before = [
            other
            for other in self.latest()
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

    def end(self, register, base, *, by=None):
        later = [
            row
            for row in self.usable(register)
            if row["reading_id"] != base[0]
            and (by is None or row["taken_on"] <= by)
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

    def latest(self):
        """Return each register where it hung last."""
        ids = dict.fromkeys(row["register_id"] for row in self.account.registers)
        stays = sorted(self.account.registers, key=lambda row: row["installed_on"])
        last = {row["register_id"]: row for row in stays}
        return [last[one] for one in ids]

    def hanging_before(self, register):
        """Return the days of the month on which the register hung in earlier stays."""
        stays = [one for one in self.account.registers if one["register_id"] == register["register_id"]]
        return {on for one in stays if one["installed_on"] < register["installed_on"] for on in self.hanging(one)}

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
        self.volumes, self.months, self.estimated_as_unfit = [], [], set()
        self.in_gaps = []
        self.back, self.raised_back, self.shares, self.whole_back = {}, {}, {}, {}
        covered, wanting, settled = set(), [], {}
        lives = [(register, life) for register in self.latest() for life in self.lives(register)]
        for register, life in lives:
            if life["reason"] == "failed" and life["days"]:
                self.estimated_as_unfit.add(register["register_id"])
        for register, life in lives:
            state, base, end = life["state"], life["base"], life["end"]
            if state["now_reading_id"] is not None and not life["anew"]:
                self.correct(register, state)
            if end:
                measured = self.rise(register, base, end)
                if measured is not None:
                    self.true_up(register, life, measured, settled)
                covered |= set(life["days"]) | self.hanging_before(register)
                continue
            if base and life["opens"]:
                self.volume("V10", register, 0)
            if life["days"]:
                if self.estimate(register, life):
                    covered |= set(life["days"])
                else:
                    wanting.append((register, life))
        for rule, register, wh in self.whole_back.values():
            if wh:
                self.volume(rule, register, -wh)
        covered |= self.between_meters(lives)
        self.by_norm([on for on in self.days if on not in covered], wanting, self.billed_of(None))

    def prior(self, month_on):
        """Return the lines that stand for an earlier month, if it may be priced anew."""
        if self.policies.true_up_method == "current_month" or month_on >= self.month.first_on:
            return []
        return [row for row in self.account.prior_lines if row["from_on"].replace(day=1) == month_on]

    def true_up(self, register, life, measured, settled):
        """Take back the estimates that this reading settles, and give each of their months its share of the use."""
        days = {}
        for number, row in enumerate(self.account.estimates):
            if row["register_id"] not in (None, register["register_id"]):
                continue
            if row["until_on"] is not None and row["until_on"] <= life["base"][2]:
                continue
            surcharge = row["rule"] == "V16"
            if surcharge and self.policies.surcharge_taken_back == "no":
                continue
            by_month = bool(self.prior(row["month_on"]))
            if by_month and not surcharge:
                span = (row["until_on"] - row["from_on"]).days
                days[row["month_on"]] = max(days.get(row["month_on"], 0), span)
            if number in settled:
                continue
            settled[number] = True
            rule, of = ("V07", register) if row["register_id"] else ("V17" if surcharge else "V08", None)
            if not by_month:
                entry = self.whole_back.setdefault((rule, row["register_id"]), [rule, of, 0])
                entry[2] += row["wh"]
            elif row["wh"]:
                self.result.volumes.append((rule, row["register_id"], of["band"] if of else "all", -row["wh"]))
                self.months.append(0)
                key = (of["zoning"], of["band"]) if of else ("1", "all")
                if surcharge:
                    self.raised_back.setdefault(row["month_on"], []).append(-row["wh"])
                else:
                    self.back.setdefault(row["month_on"], []).append((key, -row["wh"]))
        self.spread(register, life, measured, days)

    def spread(self, register, life, measured, days):
        if not days:
            return
        all_days = max(sum(days.values()) + len(life["days"]), 1)
        run, reached = 0, 0
        for month_on in sorted(days):
            run += days[month_on]
            upto = whole(Fraction(measured * run, all_days))
            key, share, reached = (register["zoning"], register["band"]), upto - reached, upto
            self.shares.setdefault(month_on, []).append((key, share))
            self.volumes.append((*key, -share, "measured", "share"))

    def between_meters(self, lives):
        """Charge the days on which nothing hangs by the average of what hung there last; return those of the month."""
        if self.policies.meter_gap == "norm":
            return set()
        late = [
            max(register["removed_on"], life["state"]["gap_until_on"] or register["removed_on"])
            for register, life in lives
            if life["end"]
            and life["end"]["kind"] == "removed"
            and life["end"]["taken_on"] == register["removed_on"] < self.month.first_on
        ]
        earlier = []
        while late and max(late) + DAY * len(earlier) < self.month.first_on:
            earlier.append(max(late) + DAY * len(earlier))
        charged = set()
        for days in (self.days, earlier):
            for hole in self.holes(days):
                charged |= self.gap(hole)
        return charged

    def holes(self, days):
        """Return the runs of days on which no meter hangs."""
        runs = []
        for on in days:
            if any(one["installed_on"] <= on < (one["removed_on"] or on + DAY) for one in self.account.registers):
                continue
            if runs and runs[-1][-1] == on - DAY:
                runs[-1].append(on)
            else:
                runs.append([on])
        return runs

    def gap(self, hole):
        gone = [
            one
            for one in self.account.registers
            if one["removed_on"] and self.supply["agreement_from_on"] < one["removed_on"] <= hole[0]
        ]
        gone = [one for one in gone if one["removed_on"] == max(other["removed_on"] for other in gone)]
        months = self.this - index(gone[0]["removed_on"]) + 1 if gone else 0
        limit = self.limit("failed")
        averages = [self.average(one) for one in gone]
        if not gone or None in averages or (limit is not None and months > limit):
            return set()
        for register, average in zip(gone, averages, strict=True):
            wh = whole(Fraction(average * len(hole), self.month.days))
            self.volume("V18", register, wh, "average", months)
            if hole[0] >= self.month.first_on:
                self.in_gaps.append(((register["zoning"], register["band"]), wh, hole))
        return {on for on in hole if on >= self.month.first_on}

    def lives(self, register):
        """Return the parts of a register's month: one, or before a failure, in it, and after the mending."""
        state = self.billed_of(register["register_id"]) or NEVER_BILLED
        base, days = self.base(register), self.hanging(register)
        place = self.billed_of(None)
        finals = [one["final_until_on"] for one in (state, place) if one and one["final_until_on"]]
        void = bool(base and finals and max(finals) > base[2])
        spans = [span for span in self.unfit(register) if self.in_month(span)]
        acts = [one for one in self.conditions("access_refused") if self.in_month(one)]
        common = {"state": state, "twice": len(acts) >= 2, "anew": False}
        whole = common | {"reason": "refused" if acts else "no_reading"}
        if not spans and not void:
            end = self.end(register, base) if base else None
            return [whole | {"base": base, "end": end, "opens": base and base[3], "days": days}]
        end = self.end(register, base, by=min(span[0] for span in spans)) if base and not void else None
        reached = [on for on in days if end and on < end["taken_on"]]
        before = whole | {"base": base, "end": end, "opens": base and base[3] and not void, "days": reached}
        mended = self.month.first_on if not spans else None
        if spans and all(span[1] for span in spans):
            mended = max(span[1] for span in spans)
        anew = [row for row in self.usable(register) if mended and row["taken_on"] >= mended][:1]
        first = anew[0]["taken_on"] if anew else None
        between = [on for on in days if on not in reached and (first is None or on < first)]
        parts = [before, common | {"reason": "failed", "base": base, "end": None, "opens": False, "days": between}]
        parts[1]["anew"] = True
        if anew:
            opening = (anew[0]["reading_id"], anew[0]["value_wh"], first, anew[0]["kind"])
            after = {"base": opening, "end": self.end(register, opening), "opens": True, "anew": True}
            parts.append(whole | after | {"days": [on for on in days if on >= first]})
        return parts

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
            usual = self.usual(register, without={end["reading_id"]})
            bound = self.policies.rollover_limit_kwh * 1000
            if usual is not None:
                bound = self.policies.rollover_factor * usual
            if rise < 0 or Fraction(rise * register["multiplier_e4"], 10_000) > bound * months:
                self.result.held.add("F01")
                return None
        wh = whole(Fraction(rise * register["multiplier_e4"], 10_000))
        self.volume(rule, register, wh)
        return wh

    def limit(self, reason):
        """Return the months an average may run for a reason; None: as long as it takes."""
        if reason == "failed" and self.policies.failed_meter_average == "until_replaced":
            return None
        return {
            "no_reading": self.policies.average_limit_months,
            "refused": self.policies.average_limit_refused_months,
            "failed": self.policies.average_limit_failed_months,
        }[reason]

    def estimate(self, register, life):
        fallen = {one["end"]["reading_id"] for one in self.lives(register) if self.falls(one)}
        reason, average = life["reason"], self.usual(register, without=fallen)
        spent, limit = life["state"][MONTHS[reason]], self.limit(reason)
        at_once = self.policies.access_refused_twice == "norm_at_once" and reason == "refused" and life["twice"]
        if average is None or at_once or (limit is not None and spent >= limit):
            return False
        wh = whole(Fraction(average * len(life["days"]), self.month.days))
        rule = {"no_reading": "V04", "refused": "V12", "failed": "V11"}[reason]
        self.volume(rule, register, wh, "average", spent + 1)
        return True

    def by_norm(self, days, wanting, place):
        """Charge each day by the norm of that day; a day belongs to a meter that has a first reading, or to none."""
        metered = [(r, life) for r, life in wanting if life["base"] or life["reason"] == "failed"]
        starts = [max([life["days"][0]] + ([life["base"][2]] if life["base"] else [])) for _, life in metered]
        last = max((life["days"][-1] for _, life in metered), default=None)
        strong = max((life["reason"] for _, life in metered), key=STRENGTH.index, default=None)
        spent = max((one["state"][MONTHS[strong]] for _, one in metered if one["reason"] == strong), default=0)
        sums, more, percent = {}, {}, self.policies.norm_factor_percent - 100
        for on in days:
            rule = "V06"
            if metered and min(starts) <= on <= last:
                rule = {"no_reading": "V05", "refused": "V14", "failed": "V13"}[strong]
            norm = self.norm_of_day(on)
            sums.setdefault(rule, []).append(norm)
            if norm and self.is_raised(rule, on, strong, spent, metered, place):
                more.setdefault({"V06": "V15", "V13": "V15"}.get(rule, "V16"), {}).setdefault(rule, []).append(norm)
        for rule, norms in sums.items():
            if None in norms:
                continue
            months = (place["norm_months"] if place else 0) + 1 + (spent if rule != "V06" else 0)
            self.volume(rule, None, whole(Fraction(sum(norms), self.month.days)), "norm", months)
        for surcharge, by_rule in more.items():
            for norms in by_rule.values():
                wh = whole(Fraction(sum(norms) * percent, 100 * self.month.days))
                if wh:
                    self.volume(surcharge, None, wh, "norm")

    def is_raised(self, rule, on, reason, spent, metered, place):
        if self.policies.norm_factor_after == "never":
            return False
        acts = [one for one in self.conditions("access_refused") if self.in_month(one)]
        if rule == "V06":
            feasible = [
                one for one in self.conditions("meter_feasible") if one[0] <= on and (not one[1] or on < one[1])
            ]
            return bool(feasible) or len(acts) >= 2
        if rule == "V05" and self.policies.norm_factor_after != "any_estimate":
            return False
        at_once = self.policies.access_refused_twice == "norm_at_once" and rule == "V14" and len(acts) >= 2
        limit = self.limit(reason)
        charged = spent + (place[MONTHS[reason]] if place else 0)
        return at_once or (limit is not None and charged >= limit)

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
