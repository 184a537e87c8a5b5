"""A month that a reading settles is reduced for failed supply by what it costs then, whatever stood before."""

from collections import defaultdict
from datetime import date

from hypothesis import HealthCheck, given, settings

from svet.domains.billing.rules.rating import rate
from svet.domains.billing.tests.test_rating import MONTHS, POLICIES, SEEDS, accounts_of, inputs_of, rows_of
from svet.domains.billing.tests.worlds import book_for
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.period import Month

BESIDE = ("H01", "H02", "H03", "H04", "B01", "B02", "B03", "U01")
EPOCH = date(1970, 1, 1)
quick = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def minutes_of(day):
    return (day - EPOCH).days * 1440


def hours_over(account, policies, month_on, first, last):
    """Return the hours over the allowed ones with two digits, as a whole number, of each event by itself."""
    minutes = 0
    for event in account.interruptions:
        one = policies.quality_allowed_hours
        allowed = 60 * (one if event["independent_sources"] == 1 else policies.quality_allowed_hours_two_sources)
        begun = event["from_minute"] + (allowed if event["kind"] == "outage" else 0)
        if event["until_minute"] > minutes_of(month_on) and event["from_minute"] < minutes_of(last):
            minutes += max(min(event["until_minute"], minutes_of(last)) - max(begun, minutes_of(first)), 0)
    return (minutes * 100 + 30) // 60


def stands(account, rated, number, month):
    """Return by settled month the kopecks of its energy, those taken off for quality, and the first and last day."""
    spans, energy, quality, turned = {}, defaultdict(int), defaultdict(int), set()
    for row in account.prior_lines:
        month_on = row["from_on"].replace(day=1)
        first, last = spans.get(month_on, (row["from_on"], row["until_on"]))
        spans[month_on] = (min(first, row["from_on"]), max(last, row["until_on"]))
    lines = [row for row in rows_of(rated.lines, number) if row["from_on"] < month.first_on]
    for row in [*account.prior_lines, *lines]:
        month_on = row["from_on"].replace(day=1)
        turned |= {month_on} if row["rule"] == "P11" and row in lines else set()
        if row["rule"] == "Q01":
            quality[month_on] += row["amount_kop"]
        elif row["rule"] not in BESIDE:
            energy[month_on] += row["amount_kop"]
    return [(month_on, energy[month_on], quality[month_on], *spans[month_on]) for month_on in sorted(turned)]


@quick
@given(seeds=SEEDS, month=MONTHS, policies=POLICIES)
def test_what_stands_for_a_settled_month_is_the_share_of_its_charge(seeds, month, policies):
    book, accounts = book_for(seeds[0], month), accounts_of(seeds, month)
    rated = rate(inputs_of(accounts, book), month=month, policies=policies)

    for number, account in enumerate(accounts, start=1):
        for month_on, energy, quality, first, last in stands(account, rated, number, month):
            if policies.quality_excess == "per_month" and len(account.interruptions) > 1:
                continue
            hours = hours_over(account, policies, month_on, first, last)
            due = (max(energy, 0) * policies.quality_percent_e2 * hours + 500_000) // 1_000_000
            assert -quality == min(due, max(energy, 0)), f"seed {seeds[number - 1]} of {month}: {month_on}"


def test_the_law_above_looks_at_settled_months_with_hours_over():
    month, found = Month("2025-07"), 0
    seeds = list(range(400))
    book, accounts = book_for(1, month), accounts_of(seeds, month)
    rated = rate(inputs_of(accounts, book), month=month, policies=Policies())
    for number, account in enumerate(accounts, start=1):
        rows = stands(account, rated, number, month)
        found += sum(hours_over(account, Policies(), *row[:1], *row[3:]) > 0 for row in rows)

    assert found >= 5
