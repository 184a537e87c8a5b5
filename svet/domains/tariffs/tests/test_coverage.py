"""A tariff that leaves a gap is refused, each gap under its own code."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svet.domains.tariffs.rules import Structure, coverage
from svet.domains.tariffs.rules.coverage import COVERAGE_RULES, Candidate, Price, check, closed_by
from svet.kernel.energy import BANDS, TimeBand, Zoning
from svet.kernel.findings import Level
from svet.kernel.period import Period

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
OPEN = Period(date(2026, 1, 1))
BOUNDS = (Decimal(3900), Decimal(6000), None)


def prices(*zonings, bounds=BOUNDS):
    return tuple(
        Price(zoning, band, step, bound, Decimal("4.12"))
        for zoning in zonings
        for band in BANDS[zoning]
        for step, bound in enumerate(bounds, start=1)
    )


RANGES = Candidate(Structure.RANGES, OPEN, prices(*Zoning), order_number="№ 1", source="a page")
NORM = replace(RANGES, structure=Structure.SOCIAL_NORM, prices=prices(*Zoning, bounds=(None, None)))
FLAT = replace(RANGES, structure=Structure.FLAT, prices=prices(*Zoning, bounds=(None,)))


def codes(candidate, *, published=(), norms=(OPEN,)):
    findings = check(candidate, published=published, norms=norms)
    assert all(finding.level is Level.REFUSE for finding in findings)
    return {finding.code for finding in findings}


def without(candidate, **wanted):
    kept = (p for p in candidate.prices if not all(getattr(p, name) == value for name, value in wanted.items()))
    return replace(candidate, prices=tuple(kept))


@pytest.mark.parametrize("candidate", [RANGES, NORM, FLAT], ids=lambda c: c.structure.value)
def test_a_tariff_that_covers_everything_is_not_refused(candidate):
    assert codes(candidate) == set()


def test_one_rate_alone_is_a_whole_tariff():
    assert codes(replace(RANGES, prices=prices(Zoning.ONE))) == set()


def test_a_tariff_without_prices_is_refused():
    assert codes(replace(FLAT, prices=())) == {"T01"}


def test_a_tariff_without_a_one_rate_price_is_refused():
    assert codes(without(NORM, zoning=Zoning.ONE)) == {"T02"}


@pytest.mark.parametrize(("zoning", "band"), [(z, b) for z in (Zoning.TWO, Zoning.THREE) for b in BANDS[z]])
def test_a_missing_zone_is_refused(zoning, band):
    (finding,) = check(without(RANGES, zoning=zoning, band=band), published=(), norms=())

    assert finding.code == "T03"
    assert finding.facts == {"zoning": zoning.value, "band": band.value}


def test_a_zone_of_another_zoning_is_refused():
    stray = Price(Zoning.TWO, TimeBand.PEAK, 1, None, Decimal(5))

    assert codes(replace(FLAT, prices=(*FLAT.prices, stray))) == {"T04"}


@pytest.mark.parametrize("step", [1, 2])
def test_a_missing_step_of_the_social_norm_is_refused(step):
    assert "T05" in codes(without(NORM, zoning=Zoning.TWO, band=TimeBand.NIGHT, step=step))


def test_a_second_step_of_a_flat_price_is_refused():
    assert "T05" in codes(replace(FLAT, prices=NORM.prices))


def test_a_range_in_the_middle_may_not_be_missing():
    assert "T05" in codes(without(RANGES, step=2))


@pytest.mark.parametrize(
    "bounds",
    [
        (Decimal(3900), Decimal(6000), Decimal(9000)),
        (Decimal(3900), Decimal(3900), None),
        (Decimal(6000), Decimal(3900), None),
        (Decimal(0), Decimal(3900), None),
        (Decimal(-5), Decimal(3900), None),
        (None, Decimal(3900), None),
        (None, None),
    ],
)
def test_bounds_must_grow_and_end_with_none(bounds):
    assert "T06" in codes(replace(RANGES, prices=prices(Zoning.ONE, bounds=bounds)))


def test_a_bound_of_its_own_has_no_place_in_a_social_norm_tariff():
    assert "T06" in codes(replace(NORM, prices=prices(Zoning.ONE, bounds=(Decimal(100), None))))


def test_zones_with_different_bounds_are_refused():
    night = prices(Zoning.TWO, bounds=(Decimal(3800), Decimal(6000), None))

    assert codes(replace(RANGES, prices=(*prices(Zoning.ONE), *night))) == {"T07"}


@pytest.mark.parametrize(
    "published",
    [
        [Period(date(2025, 1, 1), date(2025, 12, 31))],
        [Period(date(2027, 1, 2))],
        [Period(date(2025, 1, 1), date(2026, 1, 1)), Period(date(2027, 2, 1))],
    ],
)
def test_a_day_that_no_version_covers_is_refused(published):
    assert codes(replace(RANGES, period=YEAR), published=published) == {"T08"}


@pytest.mark.parametrize(
    "published",
    [
        [Period(date(2025, 1, 1), date(2026, 1, 2))],
        [Period(date(2026, 1, 1))],
        [Period(date(2026, 6, 1))],
        [Period(date(2026, 6, 1), date(2026, 7, 1))],
    ],
)
def test_a_day_with_two_versions_is_refused(published):
    assert codes(replace(RANGES, period=YEAR), published=published) == {"T09"}


def test_the_open_end_of_the_version_before_is_closed_and_so_is_no_overlap():
    before = Period(date(2025, 7, 1))

    assert codes(RANGES, published=[before]) == set()
    assert closed_by(OPEN, [before]) == before


@pytest.mark.parametrize(
    "norms",
    [
        [],
        [Period(date(2026, 1, 2))],
        [Period(date(2014, 7, 1), date(2026, 7, 1))],
        [Period(date(2014, 7, 1), date(2026, 7, 1)), Period(date(2026, 7, 2))],
    ],
)
def test_a_day_without_a_social_norm_is_refused(norms):
    assert codes(NORM, norms=norms) == {"T10"}


@pytest.mark.parametrize(
    "norms",
    [
        [Period(date(2014, 7, 1))],
        [Period(date(2014, 7, 1), date(2026, 7, 1)), Period(date(2026, 7, 1))],
        [Period(date(2014, 7, 1), date(2027, 1, 1))],
    ],
)
def test_norms_that_follow_each_other_cover_a_year(norms):
    assert codes(replace(NORM, period=YEAR), norms=norms) == set()


def test_ranges_need_no_social_norm():
    assert codes(RANGES, norms=[]) == set()


@pytest.mark.parametrize("name", ["order_number", "source"])
def test_a_tariff_without_its_papers_is_refused(name):
    (finding,) = check(replace(FLAT, **{name: "  "}), published=(), norms=())

    assert (finding.code, finding.facts) == ("T11", {"missing": [name]})


zones = st.sampled_from([(zoning, band) for zoning in Zoning for band in TimeBand])
bounds = st.one_of(st.none(), st.sampled_from([Decimal(n) for n in (100, 3900, 6000)]))


@given(
    st.sampled_from(Structure),
    st.dictionaries(st.tuples(zones, st.integers(1, 3)), bounds, max_size=14),
    st.integers(0, 7000),
)
def test_whatever_passes_gives_any_volume_exactly_one_price_in_each_zone(structure, table, volume):
    rows = tuple(Price(z, b, step, bound, Decimal(1)) for ((z, b), step), bound in table.items())
    candidate = Candidate(structure, OPEN, rows, "№ 1", "a page")
    if check(candidate, published=(), norms=[OPEN]):
        return

    norm = Decimal(100)
    for zoning in {price.zoning for price in rows}:
        for band in BANDS[zoning]:
            of_zone = sorted((p for p in rows if (p.zoning, p.band) == (zoning, band)), key=lambda p: p.step)
            tops = [p.up_to_kwh for p in of_zone]
            if structure is Structure.SOCIAL_NORM:
                tops = [norm, None]
            lows = [Decimal(0), *tops[:-1]]
            fitting = [
                1 for low, top in zip(lows, tops, strict=True) if low <= volume and (top is None or volume < top)
            ]
            assert len(fitting) == 1


def test_every_code_is_a_rule_of_the_rulebook():
    source = Path(coverage.__file__).read_text(encoding="utf-8")

    assert set(re.findall(r'_refuse\("(T\d\d)"', source)) == {rule.code for rule in COVERAGE_RULES}
