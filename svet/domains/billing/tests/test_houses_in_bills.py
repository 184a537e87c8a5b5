"""Common needs of a house in a run: settled once, charged apart, told whole, settled again by a revision."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import Error, connection, transaction

from svet.domains.billing import actions, jobs, queries
from svet.domains.billing.actions import rating
from svet.domains.billing.rules.revising import RevisionCause
from svet.domains.billing.tests.region import (
    AT,
    NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    build_street,
)
from svet.domains.houses import actions as houses
from svet.domains.houses import queries as house_queries
from svet.domains.houses.actions import HouseReadingRefused, Unsettled
from svet.domains.houses.models import HouseMonth, HouseShare
from svet.domains.houses.rules import ChargedBy
from svet.infra.clock import MOSCOW
from svet.kernel.errors import Conflict

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 11, 4, 9, 0, tzinfo=MOSCOW)
PASSPORT = "Технический паспорт дома"


def point_of(account_id):
    with connection.cursor() as cursor:
        cursor.execute("SELECT supply_point_id FROM accounts_agreement WHERE account_id = %s", [account_id])
        return cursor.fetchone()[0]


def build_house(accounts, code="д-1", **terms):
    """Put accounts into a house of twenty dwellings of 52.5 m², with a meter read in September: 10,000."""
    house_id = houses.register_house(code, address="г. Светлогорье, ул. Тестовая, д. 1", at=AT)
    houses.put_premises(house_id, supply_point_ids=[point_of(one) for one in accounts], at=AT)
    given = {"charged_by": ChargedBy.SUPPLIER, "all_area_m2": Decimal(1050), "source": PASSPORT}
    houses.set_terms(house_id, from_on=date(2026, 1, 1), at=AT, **given | terms)
    meter = houses.hang_meter(house_id, serial=f"ОД-{code}", from_on=date(2020, 1, 1), at=AT)
    houses.record_reading(meter, value=Decimal(10_000), taken_on=date(2026, 9, 24), by=None, at=AT)
    return house_id, meter


def read(meter, value, day=24, month=10, **other):
    return houses.record_reading(
        meter, value=Decimal(value), taken_on=date(2026, month, day), by=None, at=LATER, **other
    )


def run(month=OCTOBER, **other):
    run_id = actions.start_run(month=month, started_by=None, at=AT, **other)
    jobs.work_off(run_id, at=AT)
    return run_id


def lines_of(account_id, rule, month=OCTOBER):
    charge = max(queries.charges_of(account_id, month=month), key=lambda one: one.charge_id)
    why = queries.explain(account_id, charge.charge_id)
    return [line for line in why.lines if line.rule_code == rule], why


def test_a_house_is_settled_once_and_its_shares_add_up_to_it():
    street = build_street(20)
    run(SEPTEMBER)
    house_id, meter = build_house(street)
    build_house(street[:0], code="чужой", charged_by=ChargedBy.MANAGER)
    read(meter, 10_000 + 2_600)

    run_id = run(shard_size=7)

    settled = HouseMonth.objects.get(house_id=house_id)
    assert HouseMonth.objects.count() == 1
    own = sum(charge.kwh for one in street for charge in queries.charges_of(one, month=OCTOBER))
    assert settled.difference_kwh == Decimal(2_600) - own
    assert settled.measured_kwh + settled.average_kwh == own
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(kwh) FROM billing_line WHERE rule = 'H01'")
        assert cursor.fetchone()[0] == settled.charged_kwh == settled.households_kwh
    (line,), why = lines_of(street[0], "H01")
    assert abs(line.kwh - settled.difference_kwh / 20) <= Decimal("0.001")
    assert why.amount == sum(one.amount for one in why.lines)
    assert why.kwh == sum(one.kwh for one in why.lines) - line.kwh
    (volume,) = [one for one in why.volumes if one.rule_code == "H01"]
    assert volume.facts["house_kwh"] == "2600.000"
    assert volume.facts["meters"][0]["end"] == "12600.000"
    assert (volume.facts["area_m2"], volume.facts["all_area_m2"], volume.facts["days"]) == ("52.50", "1050.00", 31)
    assert queries.run_progress(run_id).state == "rated"


def test_a_dry_run_shows_the_shares_and_settles_nothing():
    street = build_street(3)
    _, meter = build_house(street)
    read(meter, 11_000)

    dry = run(dry=True)

    previews = {one.account_number: one.amount for one in queries.previews(dry, limit=10)}
    assert HouseMonth.objects.count() == 0
    run()
    assert sum(previews.values()) == sum(queries.charges_of(one, month=OCTOBER)[0].amount for one in street)
    assert HouseMonth.objects.count() == 1


def test_where_the_manager_charges_nothing_is_added():
    street = build_street(3)
    _, meter = build_house(street, charged_by=ChargedBy.MANAGER)
    read(meter, 11_000)

    run()

    assert HouseMonth.objects.count() == 0
    assert lines_of(street[0], "H01")[0] == []


def test_a_killed_stage_is_gone_on_with_and_settles_nothing_twice(monkeypatch):
    street = build_street(4)
    first, meter = build_house(street[:2])
    second, other = build_house(street[2:], code="д-2")
    read(meter, 11_000)
    read(other, 11_000)
    run_id = actions.start_run(month=OCTOBER, started_by=None, at=AT)
    (shard_id,) = queries.waiting_shards(run_id, issue=False)
    claim = rating.BillRunShard.objects.filter(pk=shard_id)
    claim.update(state="taken")
    own = queries.own_use_of(street, month=OCTOBER, policies=rating.Policies())
    houses.settle_house(
        first, month=OCTOBER, own=own.uses, unknown=own.unknown, policies=rating.Policies(), run_id=run_id, at=AT
    )

    jobs.work_off(run_id, at=AT)

    assert sorted(HouseMonth.objects.values_list("house_id", "version")) == [(first, 1), (second, 1)]
    assert HouseShare.objects.count() == 4


def test_an_account_that_waits_keeps_its_house_waiting_and_settles_it_when_it_is_mended():
    street = build_street(3)
    run(SEPTEMBER)
    house_id, meter = build_house(street)
    read(meter, 11_000)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE supply_premises SET rooms = NULL")
        cursor.execute("DELETE FROM metering_installation WHERE supply_point_id = %s", [point_of(street[1])])
    run_id = run()

    assert HouseMonth.objects.count() == 0
    assert lines_of(street[0], "H01")[0] == []
    again = actions.settle_house_again(house_id, month=OCTOBER, reason="Проверка", by=1, at=LATER)
    assert again == Unsettled("H53", (street[1],))

    with connection.cursor() as cursor:
        cursor.execute("UPDATE supply_premises SET rooms = 2")
        cursor.execute(
            "INSERT INTO metering_installation (meter_id, supply_point_id, valid, act_number)"
            " SELECT m.id, %s, daterange('2020-01-01', NULL), '' FROM metering_meter m WHERE serial = 'street-2'",
            [point_of(street[1])],
        )
    (issue,) = queries.waiting_issues(run_id, codes=("F02",))
    assert actions.retry_parked(issue, at=LATER)
    assert lines_of(street[1], "H01")[0] != []
    waiting = {one.account_id for one in queries.waiting_recalculations()}
    assert waiting == {street[0], street[2]}


def test_a_neighbours_correction_settles_the_house_again_and_a_revision_charges_it():
    street = build_street(3)
    september = run(SEPTEMBER)
    actions.issue_bills(september, at=AT)
    jobs.work_off(september, at=AT)
    house_id, meter = build_house(street)
    read(meter, 11_000)
    issued = run()
    actions.issue_bills(issued, at=AT)
    jobs.work_off(issued, at=AT)
    before = HouseMonth.objects.get()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO metering_reading (account_id, register_id, value, taken_on, kind, channel, received_at,"
            " verdict, findings, counts_from, replaces_id)"
            " SELECT account_id, register_id, value - 40, taken_on, kind, channel, '2026-11-03', 'accepted', '[]',"
            " '2026-11-01', id FROM metering_reading WHERE account_id = %s AND taken_on = '2026-10-23'",
            [street[0]],
        )

    again = actions.settle_house_again(house_id, month=OCTOBER, reason="Исправлено показание", by=1, at=LATER)

    after = HouseMonth.objects.get(pk=again)
    assert (after.version, after.difference_kwh) == (2, before.difference_kwh + 40)
    assert {one.account_id for one in queries.waiting_recalculations()} == set(street)
    same = actions.settle_house_again(house_id, month=OCTOBER, reason="Ещё раз", by=1, at=LATER)
    assert same == again

    revised = revise(OCTOBER)
    lines, why = lines_of(street[1], "H01")
    assert revised == 3
    assert abs(lines[0].kwh - after.difference_kwh / 20) <= Decimal("0.001")
    assert why.kwh == 102


def revise(month):
    revision_id = actions.ask_revision(
        first_month=month, scope="all", cause=RevisionCause.HOUSE, reason="Дом", by=1, at=LATER
    )
    jobs_of(revision_id)
    actions.release_revision(revision_id, percent=100, by=1, at=LATER)
    jobs_of(revision_id)
    return queries.revision(revision_id).changing


def jobs_of(revision_id):
    while actions.revise_piece(revision_id, at=LATER):
        pass


def test_readings_of_a_house_are_judged_replaced_and_taken_back():
    house_id, meter = build_house([])
    made = read(meter, 11_000)
    assert read(meter, 11_000) == made

    for why, value, other in (
        ("fell", 9_000, {}),
        ("did_not_fall", 12_000, {"passed_zero": True, "day": 25}),
        ("too_large", 1_000_000, {}),
        ("too_large", -1, {}),
        ("no_reason", 11_500, {}),
        ("in_the_future", 12_000, {"month": 12}),
        ("above_the_next", 11_500, {"day": 23}),
    ):
        with pytest.raises(HouseReadingRefused) as refused:
            read(meter, value, **other) if why != "fell" else read(meter, value, day=30)
        assert refused.value.facts["why"] == why

    right = read(meter, 11_500, reason="Описка")
    assert right != made
    with pytest.raises(Conflict, match="house_reading_is_replaced"):
        houses.take_back_reading(made, reason="Не то", by=1, at=LATER)
    houses.take_back_reading(right, reason="Не тот дом", by=1, at=LATER)
    page = house_queries.house_page(house_id, month=OCTOBER)
    assert [one.taken_on for one in page.meters[0].readings] == [date(2026, 9, 24)]
    assert read(meter, 11_200) not in (made, right)

    other_use = houses.record_other_use(house_id, month=OCTOBER, kwh=Decimal(30), by=1, at=LATER)
    assert houses.record_other_use(house_id, month=OCTOBER, kwh=Decimal(30), by=1, at=LATER) == other_use
    with pytest.raises(HouseReadingRefused):
        houses.record_other_use(house_id, month=OCTOBER, kwh=Decimal(31), by=1, at=LATER)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM houses_reading")


def test_a_house_that_nothing_tells_is_not_settled_and_the_list_says_why():
    street = build_street(2)
    build_house(street)
    run()

    (line,) = house_queries.house_lines(month=OCTOBER)
    assert HouseMonth.objects.count() == 0
    assert (line.settled, line.findings) == (None, ("H56",))
    assert house_queries.house_lines(month=SEPTEMBER, text="Тестовая")[0].is_read
    assert house_queries.house_lines(month=NOVEMBER, text="нет такой") == []
