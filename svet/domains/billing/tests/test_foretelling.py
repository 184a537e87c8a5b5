"""What a reading will cost is told at once, by the engine that will bill it, and nothing is written."""

from decimal import Decimal

import pytest
from django.db import connection

from svet.domains.billing import actions, jobs, queries
from svet.domains.billing.models import Charge
from svet.domains.billing.tests.region import AT, NOVEMBER, OCTOBER, SEPTEMBER, build_street, drop_category
from svet.domains.tariffs import actions as tariffs
from tests import cast, reference

pytestmark = pytest.mark.django_db


def billed(month):
    run_id = actions.start_run(month=month, started_by=None, at=AT)
    jobs.work_off(run_id, at=AT)
    return run_id


@pytest.fixture
def street():
    found = build_street(20)
    billed(SEPTEMBER)
    return found


def test_what_was_foretold_is_charged_to_the_kopeck(street):
    foretold = {account: queries.preview_charge(account, month=OCTOBER) for account in street}

    billed(OCTOBER)

    for account, told in foretold.items():
        charge = queries.charges_of(account, month=OCTOBER)[0]
        assert (told.kwh, told.amount) == (charge.kwh, charge.amount)
        assert sum(line.amount for line in told.lines) == told.amount
        assert sum(line.kwh for line in told.lines) == told.kwh


def test_a_foretold_charge_says_whether_it_stands_on_readings(street):
    read, silent = street[0], street[9]

    assert queries.preview_charge(read, month=OCTOBER).is_measured
    assert not queries.preview_charge(silent, month=OCTOBER).is_measured


def test_foretelling_writes_nothing(street):
    before = Charge.objects.count()

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET TRANSACTION READ ONLY")
        queries.preview_charge(street[0], month=OCTOBER)

    assert Charge.objects.count() == before


def test_nothing_is_foretold_for_an_account_that_would_be_parked(street):
    drop_category(street[4])

    assert queries.preview_charge(street[4], month=OCTOBER) is None


def test_nothing_is_foretold_for_a_month_that_is_charged_or_an_account_that_does_not_exist(street):
    billed(OCTOBER)

    assert queries.preview_charge(street[0], month=OCTOBER) is None
    assert queries.preview_charge(street[-1] + 1000, month=NOVEMBER) is None


def test_zones_and_steps_are_priced_each_by_its_own_rate():
    people = cast.assemble()
    reference.load(tariffs, at=AT)
    billed(SEPTEMBER)

    told = queries.preview_charge(people.igor.account.id, month=OCTOBER)

    by_band = {band: sum(line.kwh for line in told.lines if line.band == band) for band in ("day", "night")}
    assert by_band == {"day": Decimal(210), "night": Decimal(100)}
    assert [(line.band, line.step) for line in told.lines] == [("day", 1), ("day", 2), ("night", 1), ("night", 2)]
    assert len({line.rate for line in told.lines}) == 4
    assert told.amount == sum((line.kwh * line.rate).quantize(Decimal("0.01")) for line in told.lines)
