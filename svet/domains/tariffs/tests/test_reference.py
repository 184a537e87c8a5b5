"""The shipped reference data: as the published tables say, loaded once, never taking back what people changed."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import holidays
import pytest

from svet.domains.tariffs import actions, queries
from svet.domains.tariffs.models import SocialNorm, TariffRate, TariffVersion, VatRate
from svet.domains.tariffs.rules.policies import POLICIES, Policies
from svet.kernel.errors import NotFound
from svet.kernel.period import Month

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 5, 9, tzinfo=UTC)


def table(code, day):
    """The prices of a tariff on a day: zoning and band to the prices of its steps."""
    (found,) = [view for view in queries.tariff_table(on=day) if view.code == code]
    prices = {}
    for price in found.prices:
        prices.setdefault(f"{price.zoning} {price.band}", []).append(f"{price.rate:.2f}")
    return prices


@pytest.fixture
def loaded():
    return actions.load_reference(at=AT)


@pytest.mark.parametrize(
    ("day", "prices"),
    [
        (date(2022, 1, 1), {"1 all": "3.98 6.97", "2 day": "4.24 8.02", "2 night": "2.07 4.18",
                            "3 peak": "4.29 8.36", "3 half_peak": "3.98 6.97", "3 night": "2.07 4.18"}),
        (date(2026, 10, 31), {"1 all": "4.12 7.23", "2 day": "4.51 8.31", "2 night": "2.20 4.34",
                              "3 peak": "4.57 8.68", "3 half_peak": "4.12 7.23", "3 night": "2.20 4.34"}),
    ],
)  # fmt: skip
def test_nizhny_novgorod_is_priced_by_its_published_table(loaded, day, prices):
    assert table("nn-urban-gas", day) == {zone: both.split() for zone, both in prices.items()}


@pytest.mark.parametrize(
    ("code", "day", "prices"),
    [
        ("nn-urban-electric", date(2022, 6, 30), "2.88 5.03"),
        ("nn-urban-electric", date(2022, 7, 1), "2.98 5.23"),
        ("novosibirsk-urban-gas", date(2025, 6, 30), "3.66 5.22 7.11"),
        ("novosibirsk-urban-gas", date(2025, 7, 1), "4.12 6.18 7.36"),
        ("irkutsk-urban-electric", date(2026, 9, 30), "1.26 2.31 6.61"),
        ("irkutsk-urban-electric", date(2026, 10, 1), "1.47 3.01 7.97"),
        ("ulyanovsk-urban-gas", date(2025, 1, 1), "4.93 8.27 9.47"),
    ],
)
def test_one_rate_tables_are_as_published(loaded, code, day, prices):
    assert table(code, day) == {"1 all": prices.split()}


def test_every_published_table_names_its_source_and_its_place(loaded):
    for view in queries.tariff_table(on=date(2026, 10, 1)):
        assert view.source.startswith("https://")
        assert view.note
        assert view.territory_name != view.territory
    assert set(queries.territories()) == {"nn", "novosibirsk", "irkutsk", "ulyanovsk", "smolensk"}


def test_a_zoning_that_the_source_shows_in_part_is_left_out(loaded):
    assert not TariffRate.objects.filter(version__tariff__code="nn-urban-electric").exclude(zoning="1").exists()


@pytest.mark.parametrize("privileged", [False, True])
def test_the_social_norm_grows_by_persons(loaded, privileged):
    norms = [
        (norm.persons, norm.kwh, norm.kwh_each_next)
        for norm in queries.social_norms(on=date(2026, 10, 1))
        if norm.category == "urban_gas" and norm.privileged is privileged
    ]

    assert norms == [(1, 150 if privileged else 100, None), (2, 160, None), (3, 200, 40)]


def test_the_consumption_norm_of_the_example_is_there(loaded):
    (norm,) = [
        row
        for row in queries.consumption_norms(on=date(2026, 10, 1))
        if (row.territory, row.rooms, row.persons, row.electric_stove) == ("nn", 2, 3, False)
    ]

    assert norm.kwh_per_person == 46
    assert "Смоленска" in norm.source


def test_frames_are_in_whole_units(loaded):
    month = Month("2026-10")

    prices = queries.tariff_frame(month).filter(territory="irkutsk")
    norms = queries.social_norm_frame(month).filter(territory="nn", category="urban_gas", privileged=False)
    norm = queries.consumption_norm_frame(month).filter(territory="smolensk", rooms=4, persons=5, electric_stove=True)

    assert prices["rate_urub"].to_list() == [1_470_000, 3_010_000, 7_970_000]
    assert prices["up_to_wh"].to_list() == [3_900_000, 6_000_000, None]
    assert prices["from_on"].to_list() == [date(2026, 10, 1)] * 3
    assert norms["wh"].to_list() == [100_000, 160_000, 200_000]
    assert norms["wh_each_next"].to_list() == [None, None, 40_000]
    assert norm["wh_per_person"].to_list() == [58_000]


def test_a_month_in_which_prices_change_has_both_versions(loaded):
    queries.tariff_frame(Month("2026-10"))
    july = queries.tariff_frame(Month("2025-07")).filter(territory="novosibirsk")
    june = queries.tariff_frame(Month("2025-06")).filter(territory="novosibirsk")

    assert july["tariff_version_id"].n_unique() == june["tariff_version_id"].n_unique() == 1
    assert july["rate_urub"].to_list() != june["rate_urub"].to_list()


@pytest.mark.parametrize(("day", "percent"), [(date(2025, 12, 31), 2000), (date(2026, 1, 1), 2200)])
def test_vat_is_that_of_its_day(loaded, day, percent):
    assert queries.vat_percent_e2(day) == percent


def test_an_unknown_vat_or_calendar_is_an_error():
    with pytest.raises(NotFound, match="no_vat_rate"):
        queries.vat_percent_e2(date(2026, 1, 1))
    with pytest.raises(NotFound, match="no_working_calendar"):
        queries.working_calendar()


def test_policies_begin_with_their_defaults(loaded):
    values = queries.policy_values(date(2025, 9, 1))

    assert values == {policy.name: policy.default for policy in POLICIES}
    assert Policies.from_values(values) == Policies()


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027])
def test_the_calendar_agrees_with_an_independent_one(loaded, year):
    calendar, other = queries.working_calendar(), holidays.RU(years=year)
    day, different = date(year, 1, 1), []
    while day.year == year:
        off = day in other or (day.isoweekday() > 5 and day not in other.weekend_workdays)
        if calendar.is_working(day) == off:
            different.append(day)
        day += timedelta(days=1)

    assert different == []
    assert (calendar.first_on, calendar.last_on) == (date(2024, 1, 1), date(2027, 12, 31))


def test_a_term_that_ends_on_sunday_the_fifteenth_of_march_moves_to_monday(loaded):
    assert queries.working_calendar().next_working(date(2026, 3, 15)) == date(2026, 3, 16)


def test_loading_again_adds_nothing(loaded):
    again = actions.load_reference(at=AT)

    assert loaded.anything
    assert not again.anything


def test_loading_again_keeps_what_people_changed(loaded):
    SocialNorm.objects.filter(territory="nn", persons=1).update(kwh=Decimal(110))
    VatRate.objects.filter(percent=22).update(percent=23)
    actions.set_policy("reading_cutoff_day", value="26", from_on=date(2026, 11, 1), source="the contract", at=AT)
    versions = TariffVersion.objects.count()

    actions.load_reference(at=AT)

    assert SocialNorm.objects.filter(territory="nn", kwh=110).exists()
    assert queries.vat_percent_e2(date(2026, 1, 1)) == 2300
    assert queries.policy_values(date(2026, 11, 1))["reading_cutoff_day"] == "26"
    assert TariffVersion.objects.count() == versions
