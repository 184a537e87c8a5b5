"""What the past year would have cost an account under another zone plan or category, out of what it was charged for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from svet.domains.billing.queries.inputs import Span, load_pricing
from svet.domains.billing.queries.loading import load_frame
from svet.domains.billing.queries.prior_inputs import GAPS
from svet.domains.billing.rules import what_if as rules
from svet.domains.tariffs import queries as tariffs
from svet.domains.tariffs.rules.policies import Policies
from svet.domains.tariffs.rules.price import OWN_DAYS
from svet.infra.copying import copy_out
from svet.kernel.energy import ConsumerCategory, TimeBand, Zoning
from svet.kernel.money import from_kopecks
from svet.kernel.period import Month

MONTHS = 12

_USED = """
SELECT l.account_id, c.supply_point_id, date_trunc('month', l.from_on)::date AS month_on, min(l.from_on) AS from_on,
       max(l.until_on) AS until_on, l.band, (sum(l.kwh) * 1000)::bigint AS wh,
       (sum(l.amount) * 100)::bigint AS amount_kop
  FROM billing_charge c JOIN billing_line l ON l.account_id = c.account_id AND l.charge_id = c.id
 WHERE c.account_id = %(account)s AND c.month >= %(since)s AND l.from_on >= %(since)s AND l.from_on < %(until)s
   AND l.rule NOT IN ('H01', 'H02', 'H03', 'H04', 'B01', 'B02', 'B03', 'U01')
 GROUP BY 1, 2, 3, 6 HAVING sum(l.kwh) <> 0 OR sum(l.amount) <> 0
"""


@dataclass(frozen=True, slots=True)
class WhatIfMonth:
    """A month's energy, what it cost and what it would have cost; None where a price or norm is not published."""

    month: Month
    kwh: Decimal
    was: Decimal
    would: Decimal | None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The months that can be compared, in order; `plan` is the zone plan of the last of them.

    `is_night_known` when a meter told how much was used at night.
    """

    months: tuple[WhatIfMonth, ...]
    plan: Zoning
    category: ConsumerCategory | None
    is_night_known: bool

    @property
    def was(self) -> Decimal:
        """What the comparable months cost."""
        return sum((one.was for one in self.months if one.would is not None), Decimal("0.00"))

    @property
    def would(self) -> Decimal:
        """What they would have cost."""
        return sum((one.would for one in self.months if one.would is not None), Decimal("0.00"))

    @property
    def difference(self) -> Decimal:
        """How much more (plus) or less (minus) they would have cost."""
        return self.would - self.was


def what_if(
    account_id: int, *, last: Month, zoning: Zoning | None, category: ConsumerCategory | None, night_percent: int
) -> WhatIf | None:
    """Return the year up to `last` under another plan or category (None: as it was); None where nothing was charged.

    `night_percent` of the energy is taken as used at night where no meter told.
    """
    since = last.plus(1 - MONTHS)
    words = {"account": account_id, "since": since.first_on, "until": last.next.first_on}
    used = copy_out(_USED, words, schema=rules.USED)
    if used.is_empty():
        return None
    pricing = load_pricing(Span(account_id, account_id), since=since, until=last)
    bands = set(used.filter(pl.col("month_on") == used["month_on"].max())["band"])
    plan = Zoning.THREE if TimeBand.PEAK in bands else Zoning.TWO if TimeBand.DAY in bands else Zoning.ONE
    own = pricing.categories.sort("from_on")["category"].to_list()
    if category is not None:
        pricing.categories = pricing.categories.with_columns(category=pl.lit(category.value))
    gaps = load_frame(
        GAPS,
        {"accounts": [account_id], "prior_on": since.first_on, "first_on": last.next.first_on},
        schema=OWN_DAYS,
    )
    asked = zoning or plan
    priced = rules.price_again(
        used,
        rules.under_plan(used, zoning=asked, night_percent=night_percent),
        rules.gaps_under_plan(gaps, zoning=asked, night_percent=night_percent),
        categories=pricing.categories,
        households=pricing.households,
        tariffs=pricing.tariffs,
        social_norms=pricing.social_norms,
        policies=Policies.from_values(tariffs.policy_values(last.first_on)),
    )
    return WhatIf(
        months=tuple(_month(*row) for row in priced.iter_rows()),
        plan=plan,
        category=ConsumerCategory(own[-1]) if own else None,
        is_night_known=bool((used["band"] == TimeBand.NIGHT.value).any()),
    )


def _month(month_on: object, wh: int, was_kop: int, would_kop: int | None) -> WhatIfMonth:
    return WhatIfMonth(
        month=Month.of(month_on),  # type: ignore[arg-type]
        kwh=Decimal(wh).scaleb(-3),
        was=from_kopecks(was_kop),
        would=None if would_kop is None else from_kopecks(would_kop),
    )
