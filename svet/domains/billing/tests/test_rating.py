"""The engine against a plain-Python oracle of the same rules, and the laws that any rating obeys."""

import importlib
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from svet.domains.billing.rules import rating
from svet.domains.billing.rules.frames import Inputs
from svet.domains.billing.rules.rating import rate
from svet.domains.billing.tests.oracle import rate_one
from svet.domains.billing.tests.worlds import account_for, book_for
from svet.domains.houses.rules import SHARED
from svet.domains.metering.rules import volumes
from svet.domains.metering.rules.volumes.plain import LATE_MONTHS, plainly_read
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel import tables
from svet.kernel.period import Month

common_needs = importlib.import_module("svet.domains.billing.rules.common_needs")
MONTHS = st.sampled_from([Month(text) for text in ("2023-02", "2024-02", "2025-04", "2025-07", "2026-01")])
SEEDS = st.lists(st.integers(0, 2**32), min_size=1, max_size=40, unique=True)
POLICIES = st.builds(
    Policies,
    meter_gap=st.sampled_from(["average", "average", "norm"]),
    reading_cutoff_day=st.sampled_from([25, 20]),
    average_limit_months=st.sampled_from([3, 6]),
    average_limit_failed_months=st.sampled_from([3, 1]),
    average_limit_refused_months=st.sampled_from([3, 1]),
    failed_meter_average=st.sampled_from(["until_replaced", "limited"]),
    verification_expired=st.sampled_from(["measured", "average"]),
    access_refused_acts=st.sampled_from([2, 1]),
    access_refused_twice=st.sampled_from(["after_average", "norm_at_once"]),
    norm_factor_percent=st.sampled_from([150, 100, 201]),
    norm_factor_after=st.sampled_from(["failure_refusal", "any_estimate", "never"]),
    surcharge_taken_back=st.sampled_from(["yes", "no"]),
    quality_excess=st.sampled_from(["per_event", "per_month"]),
    benefit_method=st.sampled_from(["reduces_bill", "reduces_bill", "compensated"]),
    benefit_steps=st.sampled_from(["first_steps", "proportional"]),
    bound_over_bands=st.sampled_from(["proportional", "in_order"]),
    privileged_social_norm=st.sampled_from(["household", "person"]),
    true_up_method=st.sampled_from(["by_months", "by_months", "current_month"]),
    temporary_residents_min_days=st.sampled_from([5, 0, 40]),
    average_min_months=st.sampled_from([3, 1]),
    social_norm_without_residents=st.sampled_from(["one_person", "owners"]),
    ranges_in_partial_month=st.sampled_from(["prorate", "whole"]),
)
quick = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


def frame(name, rows):
    schema = Inputs.SCHEMAS[name]
    return pl.DataFrame([{column: row[column] for column in schema} for row in rows], schema=schema)


def inputs_of(accounts, book):
    def gathered(name):
        return frame(name, [row for account in accounts for row in getattr(account, name)])

    own = ("supplies", "categories", "households", "registers", "conditions", "readings", "billed")
    own += (
        "estimates",
        "prior_lines",
        "prior_gaps",
        "interruptions",
        "common_needs",
        "entitlements",
        "given",
        "unmetered",
    )
    shared = ("tariffs", "social_norms", "consumption_norms", "vats")
    return Inputs(
        **{name: gathered(name) for name in own},
        **{name: frame(name, getattr(book, name)) for name in shared},
    )


def accounts_of(seeds, month):
    return [account_for(seed, number, month) for number, seed in enumerate(seeds, start=1)]


def rows_of(frame, number):
    return frame.filter(pl.col("account_id") == number).drop("account_id", "supply_point_id").to_dicts()


def holds_of(rated, number):
    return {row["code"] for row in rows_of(rated.findings, number) if row["level"] == "hold"}


@quick
@given(seeds=SEEDS, month=MONTHS, policies=POLICIES)
def test_every_account_is_rated_as_the_plain_rules_say(seeds, month, policies):
    book = book_for(seeds[0], month)
    accounts = accounts_of(seeds, month)

    rated = rate(inputs_of(accounts, book), month=month, policies=policies)

    for number, (seed, account) in enumerate(zip(seeds, accounts, strict=True), start=1):
        expected = rate_one(account, book, month=month, policies=policies)
        charges = rows_of(rated.charges, number)
        note = f"seed {seed} of {month}, {policies}"
        if expected.held:
            assert holds_of(rated, number) & expected.held, note
            assert charges == [], note
            continue
        assert holds_of(rated, number) == set(), note
        found = [(v["rule"], v["register_id"], v["band"], v["wh"]) for v in rows_of(rated.volumes, number)]
        assert sorted(map(str, found)) == sorted(map(str, expected.volumes)), note
        lines = [
            (li["from_on"], li["band"], li["step"], li["wh"], li["rate_urub"], li["amount_kop"])
            for li in rows_of(rated.lines, number)
        ]
        assert sorted(lines) == sorted(expected.lines), note
        asked = ("month_on", "entitlement_id", "form", "method", "wh", "base_kop", "amount_kop")
        given_ = [tuple(row[name] for name in asked) for row in rows_of(rated.benefits, number)]
        assert sorted(given_) == sorted(expected.benefits), note
        names = ("wh", "amount_kop", "vat_kop", "basis", "estimated_months")
        wanted = (expected.wh, expected.kopecks, expected.vat, expected.basis, expected.months)
        assert tuple(charges[0][name] for name in names) == wanted, note


@settings(quick, max_examples=15)
@given(seeds=SEEDS, month=MONTHS)
def test_lines_add_up_to_the_charge_and_volumes_to_the_lines(seeds, month):
    rated = rate(inputs_of(accounts_of(seeds, month), book_for(seeds[0], month)), month=month, policies=Policies())

    for charge in rated.charges.to_dicts():
        lines = rows_of(rated.lines, charge["account_id"])
        volumes = rows_of(rated.volumes, charge["account_id"])
        beside = (*SHARED, "U01")
        own = [[row["wh"] for row in rows if row["rule"] not in beside] for rows in (lines, volumes)]
        common = [[row["wh"] for row in rows if row["rule"] in SHARED] for rows in (lines, volumes)]
        assert sum(own[0]) == charge["wh"] == sum(own[1])
        assert sum(common[0]) == sum(common[1])
        assert sum(line["amount_kop"] for line in lines) == charge["amount_kop"]
        assert [line["number"] for line in lines] == list(range(1, len(lines) + 1))
        assert [volume["number"] for volume in volumes] == list(range(1, len(volumes) + 1))


@settings(quick, max_examples=10)
@given(seeds=SEEDS, month=MONTHS, shuffle=st.integers(0, 1000))
def test_the_order_of_rows_changes_nothing(seeds, month, shuffle):
    inputs = inputs_of(accounts_of(seeds, month), book_for(seeds[0], month))
    mixed = Inputs(
        **{name: getattr(inputs, name).sample(fraction=1, shuffle=True, seed=shuffle) for name in Inputs.SCHEMAS}
    )

    one, other = (rate(each, month=month, policies=Policies()) for each in (inputs, mixed))

    for name in ("charges", "volumes", "lines", "findings", "benefits"):
        assert getattr(one, name).equals(getattr(other, name)), name


@settings(quick, max_examples=8)
@given(seeds=st.lists(st.integers(0, 2**32), min_size=2, max_size=6, unique=True), month=MONTHS)
def test_an_account_alone_is_rated_as_among_many(seeds, month):
    book, accounts = book_for(seeds[0], month), accounts_of(seeds, month)
    together = rate(inputs_of(accounts, book), month=month, policies=Policies())

    for number, account in enumerate(accounts, start=1):
        alone = rate(inputs_of([account], book), month=month, policies=Policies())
        for name in ("charges", "volumes", "lines", "findings", "benefits"):
            assert rows_of(getattr(alone, name), number) == rows_of(getattr(together, name), number), name


@quick
@given(seed=st.integers(0, 2**32), month=MONTHS, policies=POLICIES)
def test_a_rule_with_nothing_to_do_gives_the_very_frames_that_it_would_reckon(seed, month, policies):
    idle = set()

    def compared(rule):
        def both(*frames, **terms):
            given, reckoned = rule(*frames, **terms), rule.__wrapped__(*frames, **terms)
            for name in type(given).__dataclass_fields__:
                assert_frame_equal(getattr(given, name), getattr(reckoned, name), check_row_order=False)
                if getattr(given, name).is_empty():
                    idle.add(rule.__name__)
            return given

        return both

    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((rating, "price_apart"), (common_needs, "price_apart"), (volumes, "true_up")):
            patch.setattr(module, name, compared(getattr(module, name)))
        rate(inputs_of(accounts_of([seed], month), book_for(seed, month)), month=month, policies=policies)
        rate(inputs_of([], book_for(seed, month)), month=month, policies=policies)
    assert idle == {"price_apart", "true_up"}


@settings(quick, max_examples=10)
@given(seeds=SEEDS, month=MONTHS, policies=POLICIES)
def test_what_is_remembered_of_few_rows_is_what_would_be_reckoned(seeds, month, policies):
    inputs = inputs_of(accounts_of(seeds[:3], month), book_for(seeds[0], month))
    rate(inputs, month=month, policies=policies)  # makes sure that it is remembered

    remembered = rate(inputs, month=month, policies=policies)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "FEW", -1)
        reckoned = rate(inputs, month=month, policies=policies)

    for name in ("charges", "volumes", "lines", "findings", "benefits"):
        assert_frame_equal(getattr(remembered, name), getattr(reckoned, name), check_row_order=False)


@pytest.mark.parametrize("policies", [Policies(), Policies(verification_expired="average", reading_cutoff_day=20)])
@pytest.mark.parametrize("month", [Month("2024-02"), Month("2025-07")])
def test_early_readings_of_whoever_is_plainly_read_change_nothing(month, policies):
    inputs = quieted(inputs_of(accounts_of(range(2000), month), book_for(1, month)), month=month)
    is_late = pl.col("taken_on") >= month.plus(-LATE_MONTHS).first_on
    late = inputs.readings.filter(is_late)
    plain = plainly_read(
        supplies=inputs.supplies,
        registers=inputs.registers,
        conditions=inputs.conditions,
        billed=inputs.billed,
        late=late,
        month=month,
        cutoff_day=policies.reading_cutoff_day,
    )
    fewer = inputs.readings.filter(is_late | ~pl.col("account_id").is_in(plain["account_id"].implode()))
    whole, part = (rate(one, month=month, policies=policies) for one in (inputs, replace(inputs, readings=fewer)))

    assert inputs.readings.height - fewer.height > 100
    for name in ("charges", "volumes", "lines", "findings", "benefits"):
        assert_frame_equal(getattr(whole, name), getattr(part, name))


def quieted(inputs, *, month):
    """Return the inputs with half of the accounts made quiet: their meters hang all the time, and are fit."""
    quiet = pl.col("account_id").hash(1) % 2 == 0
    points = inputs.supplies.filter(quiet)["supply_point_id"].implode()
    early, there = month.plus(-12).first_on, pl.col("supply_point_id").is_in(points)

    def calm(frame, where, **values):
        return frame.with_columns(
            pl.when(where).then(pl.lit(value, dtype=frame.schema[name])).otherwise(pl.col(name)).alias(name)
            for name, value in values.items()
        )

    return replace(
        inputs,
        supplies=calm(inputs.supplies, quiet, agreement_from_on=early, agreement_until_on=None),
        registers=calm(inputs.registers, there, installed_on=early, removed_on=None, verification_due_on=None),
        conditions=inputs.conditions.filter(~there),
        billed=calm(inputs.billed, quiet, final_until_on=None, gap_until_on=None),
    )


def test_nobody_is_rated_into_nothing():
    month = Month("2026-01")

    rated = rate(inputs_of([], book_for(1, month)), month=month, policies=Policies())

    assert rated.charges.is_empty()
    assert rated.findings.is_empty()
