"""Reads of the dated terms of penalties: as frames for the engine, as plain rows for pages."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256

import polars as pl
from django.db.models import Max

from svet.domains.billing.rules.due import due_on
from svet.domains.debts.models import KeyRate, KeyRateCheck, Moratorium, RateCap
from svet.domains.debts.rules.frames import CAPS, MORATORIA, RATES, Terms
from svet.domains.tariffs import queries as tariffs
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.errors import NotFound
from svet.kernel.period import Month

NEVER = date(1990, 1, 1)
"""Up to when key rates are known in an installation that was given none."""


@dataclass(frozen=True, slots=True)
class KeyRateView:
    """A key rate from a day on, in per cent."""

    from_on: date
    percent: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class RateCapView:
    """A cap of the rate on the days of its validity; None: there was none."""

    from_on: date
    until_on: date | None
    percent: Decimal | None
    source: str

    @property
    def last_on(self) -> date | None:
        """The last day of it; None: until further notice."""
        return None if self.until_on is None else self.until_on - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MoratoriumView:
    """A moratorium in the reading that a policy has chosen, or another one."""

    code: str
    variant: str
    from_on: date
    until_on: date
    due_before: date | None
    source: str
    is_chosen: bool

    @property
    def last_on(self) -> date:
        """The last day of it."""
        return self.until_on - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TermsView:
    """Everything dated that penalties depend on, and up to when the key rate is known."""

    rates: tuple[KeyRateView, ...]
    known_until: date
    known_source: str
    caps: tuple[RateCapView, ...]
    moratoria: tuple[MoratoriumView, ...]


def load_terms(policies: Policies) -> Terms:
    """Return the terms as the engine takes them, moratoria in the readings that the policies choose."""
    rows = list(KeyRate.objects.order_by("from_on").values_list("from_on", "percent"))
    ends = [start for start, _ in rows[1:]] + [None] * bool(rows)
    rates = [(start, end, _e2(percent)) for (start, percent), end in zip(rows, ends, strict=True)]
    caps = [(row.valid.lower, row.valid.upper, _e2(row.percent)) for row in RateCap.objects.order_by("valid")]
    chosen = policies.as_values()
    moratoria = [
        (row.valid.lower, row.valid.upper, row.due_before)
        for row in Moratorium.objects.order_by("valid")
        if chosen.get(row.code) == row.variant
    ]
    return Terms(
        rates=pl.DataFrame(rates, schema=RATES, orient="row"),
        caps=pl.DataFrame(caps, schema=CAPS, orient="row"),
        moratoria=pl.DataFrame(moratoria, schema=MORATORIA, orient="row"),
        rates_known_until=known_until(),
    )


def past_terms(policies: Policies, *, as_of: date) -> str:
    """Return a digest of all that penalties of the days up to `as_of` depend on besides the accounts' books."""
    terms = load_terms(policies)
    after = as_of + timedelta(days=1)
    periods = [
        [(start, min(until or after, after), *told) for start, until, *told in frame.rows() if start < after]
        for frame in (terms.rates, terms.caps, terms.moratoria)
    ]
    first = Month.of(min((start for frame in periods for start, *_ in frame), default=as_of))
    months = map(Month.of, pl.date_range(first.first_on, as_of, "1mo", eager=True))
    due = list(due_days(months, policies=policies).values())
    return sha256(json.dumps([policies.as_values(), periods, due], sort_keys=True, default=str).encode()).hexdigest()


def known_until() -> date:
    """Return the last day on which the key rate is known."""
    return KeyRateCheck.objects.aggregate(last=Max("known_until"))["last"] or NEVER


def terms_view(policies: Policies) -> TermsView:
    """Return the terms for people, the latest first."""
    last = KeyRateCheck.objects.order_by("-known_until", "-pk").first()
    chosen = policies.as_values()
    return TermsView(
        rates=tuple(KeyRateView(row.from_on, row.percent, row.source) for row in KeyRate.objects.order_by("-from_on")),
        known_until=last.known_until if last else NEVER,
        known_source=last.source if last else "",
        caps=tuple(
            RateCapView(row.valid.lower, row.valid.upper, row.percent, row.source)
            for row in RateCap.objects.order_by("-valid")
        ),
        moratoria=tuple(
            MoratoriumView(
                code=row.code,
                variant=row.variant,
                from_on=row.valid.lower,
                until_on=row.valid.upper,
                due_before=row.due_before,
                source=row.source,
                is_chosen=chosen.get(row.code) == row.variant,
            )
            for row in Moratorium.objects.order_by("-valid", "variant")
        ),
    )


def due_days(months: Iterable[Month], *, policies: Policies) -> dict[Month, date | None]:
    """Return the last day to pay a bill of each month; None where the production calendar does not tell it (N92)."""
    calendar = None
    if policies.due_day_off == "next_working":
        try:
            calendar = tariffs.working_calendar()
        except NotFound:
            return dict.fromkeys(months)
    found: dict[Month, date | None] = {}
    for month in months:
        try:
            found[month] = due_on(month, calendar=calendar)
        except ValueError:
            found[month] = None
    return found


def _e2(percent: Decimal | None) -> int | None:
    return None if percent is None else int(percent.scaleb(2))
