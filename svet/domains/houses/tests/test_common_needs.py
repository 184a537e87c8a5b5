"""Common needs against a plain oracle in fractions, and the laws that any house obeys."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svet.domains.houses.rules import Excess, Negative
from svet.domains.houses.rules.balance import Dwelling, OwnUse, Terms, balance, is_too_small, shares
from svet.domains.houses.rules.counting import Dial, HouseUse, Settled, Taken, house_use
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.period import Month

MARCH = Month("2026-03")
TERMS = Terms(20_000, 100_000, 1_500, Excess.CONSUMERS, Negative.TO_FLATS)
quick = settings(max_examples=150, deadline=None)


def dial(*readings, digits=6, multiplier_e4=10_000):
    return Dial("1", digits, multiplier_e4, tuple(Taken(*one) for one in readings))


def months(*rows):
    return [Settled(Month(text), rule, wh) for text, rule, wh in rows]


READ = months(("2025-12", "H01", 990_000), ("2026-01", "H01", 1_000_000), ("2026-02", "H01", 1_010_000))


@pytest.mark.parametrize(
    ("dials", "earlier", "expected"),
    [
        ([dial((date(2026, 2, 24), 100_000), (date(2026, 3, 24), 1_100_000))], READ, ("H01", 1_000_000)),
        ([dial((date(2026, 3, 1), 0), (date(2026, 3, 24), 700_000))], READ, ("H01", 700_000)),
        ([dial((date(2026, 2, 24), 9_900_000), (date(2026, 3, 24), 40_000, True), digits=4)], [], ("H01", 140_000)),
        ([dial((date(2026, 2, 24), 1_000), (date(2026, 3, 24), 3_000), multiplier_e4=400_000)], [], ("H01", 80_000)),
        ([dial((date(2026, 2, 24), 0), (date(2026, 3, 24), 5_000))] * 2, [], ("H01", 10_000)),
        ([dial((date(2026, 2, 24), 100_000))], READ, ("H02", 1_000_000)),
        ([dial((date(2026, 2, 24), 0), (date(2026, 3, 9), 1)), dial((date(2026, 2, 24), 0))], READ, ("H02", 1_000_000)),
        ([dial((date(2026, 2, 24), 100_000))], READ[:2], ("H03", None)),
        ([dial((date(2026, 3, 24), 100_000))], [], ("H03", None)),
        ([], READ, ("H03", None)),
    ],
)
def test_a_house_is_told_by_its_meters_its_average_or_its_norm(dials, earlier, expected):
    use = house_use(dials, earlier, month=MARCH, policies=Policies())

    assert (use.rule, use.wh) == expected


def test_an_average_ends_after_three_months_and_a_reading_settles_them():
    estimated = months(*((text, "H02", 1_000_000) for text in ("2026-03", "2026-04", "2026-05")))
    silent = dial((date(2026, 2, 24), 0))
    june = Month("2026-06")

    assert house_use([silent], [*READ, *estimated[:2]], month=Month("2026-05"), policies=Policies()).rule == "H02"
    assert house_use([silent], [*READ, *estimated], month=june, policies=Policies()).rule == "H03"

    read = dial((date(2026, 2, 24), 0), (date(2026, 6, 24), 4_200_000))
    use = house_use([read], [*READ, *estimated], month=june, policies=Policies())
    assert (use.rule, use.wh, use.settled_wh) == ("H01", 1_200_000, 3_000_000)


@pytest.mark.parametrize(
    ("house", "own", "terms", "expected"),
    [
        (1_000, 950, {}, ("H01", 50, 0, 0)),
        (1_000, 1_000, {}, ("H01", 0, 0, 0)),
        (1_000, 600, {}, ("H01", 400, 0, 0)),
        (1_000, 600, {"excess": Excess.SUPPLIER}, ("H01", 300, 100, 0)),
        (950, 1_000, {}, ("H04", -50, 0, 0)),
        (950, 1_000, {"negative": Negative.ZERO}, ("H01", 0, -50, 0)),
        (950, 1_000, {"negative": Negative.CARRY}, ("H01", 0, 0, -50)),
        (None, 1_000, {}, ("H03", 300, 0, 0)),
        (None, 1_000, {"norm_wh": None}, None),
    ],
)
def test_what_is_nobodys_own_is_charged_limited_given_back_or_carried(house, own, terms, expected):
    kwh = None if house is None else house * 1000
    given_terms = Terms(**{field: getattr(TERMS, field) for field in Terms.__slots__} | terms)

    found = balance(HouseUse("H01" if house else "H03", kwh), OwnUse(measured_wh=own * 1000), given_terms)

    if expected is None:
        assert found is None
    else:
        sums = (found.charged_wh, found.uncharged_wh, found.carried_wh)
        assert (found.rule, *(wh // 1000 for wh in sums)) == expected


def test_a_month_carried_lessens_the_next():
    terms = Terms(None, 100_000, None, Excess.CONSUMERS, Negative.CARRY)

    found = balance(HouseUse("H01", 1_000_000), OwnUse(950_000), terms, carried_wh=-20_000)

    assert (found.charged_wh, found.carried_wh) == (30_000, 0)


def test_a_dwelling_of_a_twentieth_bears_a_twentieth():
    flat = Dwelling(1, 1, 5_000, 1, 31, 0)

    (share,) = shares(50_000, [flat], all_area_e2=100_000, month_days=31)

    assert share.wh == 2_500


def test_nobody_gets_back_more_than_he_used():
    flats = [Dwelling(1, 1, 50_000, 1, 31, 1_000), Dwelling(2, 2, 50_000, 1, 31, 90_000)]

    assert [one.wh for one in shares(-50_000, flats, all_area_e2=100_000, month_days=31)] == [-1_000, -25_000]


DWELLINGS = st.lists(
    st.tuples(st.integers(1, 20_000), st.integers(1, 3), st.integers(1, 31), st.integers(0, 900_000)),
    min_size=1,
    max_size=30,
).map(lambda rows: [Dwelling(place, place * 10, *row) for place, row in enumerate(rows, 1)])


@quick
@given(flats=DWELLINGS, charged=st.integers(-3_000_000, 3_000_000), other=st.integers(0, 500_000))
def test_shares_are_those_of_the_formula_and_add_up_to_the_house(flats, charged, other):
    area = sum(one.area_e2 for one in flats) + other

    found = shares(charged, flats, all_area_e2=area, month_days=31)

    plain = [Fraction(charged * one.area_e2 * one.days, one.parts * area * 31) for one in flats]
    for share, exact in zip(found, plain, strict=True):
        assert abs(share.wh - max(exact, -share.dwelling.own_wh)) <= 1
    if charged >= 0:
        assert 0 <= sum(one.wh for one in found) <= charged
        assert abs(sum(one.wh for one in found) - sum(plain)) <= Fraction(1, 2)
    full = [Dwelling(one.account_id, one.supply_point_id, one.area_e2, 1, 31, 10**9) for one in flats]
    whole = shares(charged, full, all_area_e2=area - other, month_days=31)
    assert sum(one.wh for one in whole) == charged


@quick
@given(flats=DWELLINGS, charged=st.integers(0, 3_000_000), seed=st.randoms())
def test_the_order_of_dwellings_changes_nothing(flats, charged, seed):
    area = sum(one.area_e2 for one in flats)
    mixed = list(flats)
    seed.shuffle(mixed)

    assert shares(charged, mixed, all_area_e2=area, month_days=31) == shares(
        charged, flats, all_area_e2=area, month_days=31
    )


@quick
@given(
    house=st.integers(0, 5_000_000), own=st.integers(0, 5_000_000), carried=st.integers(-900_000, 0),
    excess=st.sampled_from(Excess), negative=st.sampled_from(Negative), norm=st.sampled_from([None, 0, 1_500]),
)  # fmt: skip
def test_nothing_of_a_house_is_lost(house, own, carried, excess, negative, norm):
    terms = Terms(20_000, 100_000, norm, excess, negative)

    found = balance(HouseUse("H01", house), OwnUse(own), terms, carried_wh=carried)

    assert found.charged_wh + found.uncharged_wh + found.carried_wh == house - own + carried
    assert found.charged_wh >= 0 or negative is Negative.TO_FLATS


def test_a_house_smaller_than_its_dwellings_or_a_dwelling_without_area_is_not_settled():
    assert is_too_small([Dwelling(1, 1, 0, 1, 31, 0)], all_area_e2=100, month_days=31)
    assert is_too_small([Dwelling(1, 1, 60, 1, 31, 0), Dwelling(2, 2, 60, 1, 31, 0)], all_area_e2=100, month_days=31)
    assert not is_too_small([Dwelling(1, 1, 60, 1, 15, 0), Dwelling(2, 1, 60, 1, 16, 0)], all_area_e2=60, month_days=31)
