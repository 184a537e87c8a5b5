"""Versions of prices: drafted, published when whole, then kept by the database as they are."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from svet.domains.tariffs import actions, queries
from svet.domains.tariffs.models import PolicySwitch, SocialNorm, TariffRate, TariffVersion
from svet.domains.tariffs.rules import Structure
from svet.domains.tariffs.rules.coverage import Price
from svet.domains.tariffs.rules.policies import PolicyValueRefused, UnknownPolicy
from svet.infra.fields import to_period, to_range
from svet.infra.models import AuditRecord, Fact
from svet.kernel.energy import ConsumerCategory, TimeBand, Zoning
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.kernel.period import Month, Period

AT = datetime(2026, 11, 5, 9, tzinfo=UTC)
JANUARY, JULY = date(2026, 1, 1), date(2026, 7, 1)
ONE_PRICE = (Price(Zoning.ONE, TimeBand.ALL_DAY, 1, None, Decimal("4.12")),)

pytestmark = pytest.mark.django_db


@pytest.fixture
def tariff():
    actions.define_territory("rechnoy", name="Речной", at=AT)
    actions.define_tariff(
        "rechnoy-gas", name="Дома с газом", territory="rechnoy", category=ConsumerCategory.URBAN_GAS, at=AT
    )
    return "rechnoy-gas"


def draft(tariff, start, *, prices=ONE_PRICE, end=None, structure=Structure.FLAT, order_number="№ 7"):
    return actions.draft_version(
        tariff,
        structure=structure,
        period=Period(start, end),
        prices=prices,
        order_number=order_number,
        source="a page",
        at=AT,
    )


def publish(tariff, start, **terms):
    version_id = draft(tariff, start, **terms)
    actions.publish_version(version_id, at=AT)
    return version_id


def period_of(version_id):
    return to_period(TariffVersion.objects.get(pk=version_id).valid)


def test_a_draft_prices_nothing(tariff):
    draft(tariff, JANUARY)

    assert queries.tariff_table(on=JANUARY) == []
    assert queries.tariff_frame(Month("2026-01")).is_empty()
    assert len(queries.drafts()) == 1


def test_a_published_version_is_in_force_with_its_papers(tariff):
    publish(tariff, JANUARY)

    (table,) = queries.tariff_table(on=JULY)
    assert (table.territory_name, table.order_number, table.from_on, table.until_on) == ("Речной", "№ 7", JANUARY, None)
    assert [(price.band, price.rate) for price in table.prices] == [("all", Decimal("4.120000"))]
    assert queries.tariff_table(on=date(2025, 12, 31)) == []
    assert [view.from_on for view in queries.upcoming_tariffs(on=date(2025, 12, 31))] == [JANUARY]


def test_publication_is_told_and_audited(tariff):
    version_id = publish(tariff, JANUARY)

    assert Fact.objects.get(name="tariffs.version_published").payload["version_id"] == version_id
    assert AuditRecord.objects.filter(verb="tariffs.publish_version", target_id=str(version_id)).count() == 1


def test_the_next_version_closes_the_one_before(tariff):
    first = publish(tariff, JANUARY)

    second = publish(tariff, JULY)

    assert period_of(first) == Period(JANUARY, JULY)
    assert period_of(second) == Period(JULY)


def test_drafts_of_the_same_days_may_stand_side_by_side(tariff):
    publish(tariff, JANUARY)

    assert draft(tariff, JULY) != draft(tariff, JULY)


def test_a_version_with_a_gap_stays_a_draft_and_changes_nothing(tariff):
    first = publish(tariff, JANUARY)
    gappy = draft(tariff, JULY, prices=(replace(ONE_PRICE[0], zoning=Zoning.TWO, band=TimeBand.DAY),))

    with pytest.raises(actions.TariffRefused) as refusal:
        actions.publish_version(gappy, at=AT)

    assert {finding.code for finding in refusal.value.findings} == {"T02", "T03"}
    assert period_of(first) == Period(JANUARY)
    assert TariffVersion.objects.get(pk=gappy).published_at is None


def test_a_day_gap_to_the_version_before_is_refused(tariff):
    publish(tariff, JANUARY, end=JULY)

    with pytest.raises(actions.TariffRefused) as refusal:
        publish(tariff, date(2026, 7, 2))

    assert [finding.code for finding in refusal.value.findings] == ["T08"]


def test_a_social_norm_tariff_waits_for_its_norm(tariff):
    two_steps = (*ONE_PRICE, replace(ONE_PRICE[0], step=2))
    version_id = draft(tariff, JANUARY, prices=two_steps, structure=Structure.SOCIAL_NORM)
    with pytest.raises(actions.TariffRefused) as refusal:
        actions.publish_version(version_id, at=AT)
    assert [finding.code for finding in refusal.value.findings] == ["T10"]

    SocialNorm.objects.create(
        territory="rechnoy", category="urban_gas", persons=1, kwh=100, valid=to_range(Period(JANUARY)), source="a page"
    )

    actions.publish_version(version_id, at=AT)


def test_a_version_is_published_once(tariff):
    version_id = publish(tariff, JANUARY)

    with pytest.raises(Conflict, match="version_is_published"):
        actions.publish_version(version_id, at=AT)


def test_a_draft_may_be_thrown_away_and_a_published_version_not(tariff):
    version_id = draft(tariff, JULY)
    actions.discard_draft(version_id, at=AT)
    published = publish(tariff, JANUARY)

    assert not TariffVersion.objects.filter(pk=version_id).exists()
    with pytest.raises(Conflict, match="version_is_published"):
        actions.discard_draft(published, at=AT)


@pytest.mark.parametrize(
    "change",
    [
        lambda version: TariffVersion.objects.filter(pk=version).update(order_number="№ 8"),
        lambda version: TariffVersion.objects.filter(pk=version).update(published_at=None),
        lambda version: TariffVersion.objects.filter(pk=version).update(valid=to_range(Period(JULY))),
        lambda version: TariffVersion.objects.filter(pk=version).delete(),
        lambda version: TariffRate.objects.filter(version=version).update(rate=1),
        lambda version: TariffRate.objects.filter(version=version).delete(),
        lambda version: TariffRate.objects.create(version_id=version, zoning="2", band="day", step=1, rate=1),
    ],
    ids=["its order", "its publication", "its first day", "itself", "a price", "no price", "one price more"],
)
def test_the_database_refuses_to_change_a_published_version(tariff, change):
    version_id = publish(tariff, JANUARY)

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        change(version_id)


def test_the_end_of_a_published_version_is_set_once(tariff):
    version_id = publish(tariff, JANUARY)
    publish(tariff, JULY)

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        TariffVersion.objects.filter(pk=version_id).update(valid=to_range(Period(JANUARY, date(2026, 6, 1))))


@pytest.mark.django_db(transaction=True)
def test_of_two_versions_published_at_once_one_is_refused(tariff):
    ids = [draft(tariff, JANUARY), draft(tariff, JANUARY)]
    outcomes = []
    start = threading.Barrier(2)

    def race(version_id):
        start.wait()
        try:
            actions.publish_version(version_id, at=AT)
            outcomes.append("published")
        except (DomainError, DatabaseError) as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    racers = [threading.Thread(target=race, args=(version_id,)) for version_id in ids]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    assert sorted(outcomes) == ["TariffRefused", "published"]


def test_the_same_price_twice_is_refused(tariff):
    with pytest.raises(DomainError, match="price_is_listed_twice"):
        draft(tariff, JANUARY, prices=ONE_PRICE * 2)


def test_what_does_not_exist_is_not_found(tariff):
    with pytest.raises(NotFound, match="no_such_tariff_version"):
        actions.publish_version(0, at=AT)
    with pytest.raises(NotFound, match="no_such_tariff"):
        draft("nowhere", JANUARY)
    with pytest.raises(NotFound, match="no_such_territory"):
        actions.define_tariff("x", name="x", territory="nowhere", category=ConsumerCategory.RURAL, at=AT)


def test_a_place_has_one_price_list_and_naming_it_again_changes_nothing(tariff):
    same = {"name": "Дома с газом", "territory": "rechnoy", "category": ConsumerCategory.URBAN_GAS, "at": AT}
    records = AuditRecord.objects.count()

    assert actions.define_tariff(tariff, **same) == actions.define_tariff(tariff, **same)
    assert AuditRecord.objects.count() == records
    with pytest.raises(Conflict, match="tariff_is_another"):
        actions.define_tariff("another", **same)


def test_a_policy_gets_a_new_value_from_a_day_on():
    actions.set_policy("average_limit_months", value="6", from_on=JANUARY, source="an older edition", at=AT)
    actions.set_policy("average_limit_months", value="3", from_on=JULY, source="the present edition", at=AT)

    assert queries.policy_values(date(2026, 6, 30)) == {"average_limit_months": "6"}
    assert queries.policy_values(JULY) == {"average_limit_months": "3"}
    assert queries.policy_values(date(2025, 12, 31)) == {}


def test_the_past_of_a_policy_is_not_rewritten():
    actions.set_policy("average_limit_months", value="3", from_on=JULY, source="an edition", at=AT)

    for day in (JANUARY, JULY):
        with pytest.raises(Conflict, match="policy_has_later_value"):
            actions.set_policy("average_limit_months", value="6", from_on=day, source="an edition", at=AT)


def test_a_policy_takes_only_what_it_allows():
    with pytest.raises(PolicyValueRefused):
        actions.set_policy("average_limit_months", value="often", from_on=JULY, source="", at=AT)
    with pytest.raises(UnknownPolicy):
        actions.set_policy("kindness", value="1", from_on=JULY, source="", at=AT)
    assert PolicySwitch.objects.count() == 0
