"""Conditions of meters and supplies: recorded once, lifted once, never rewritten, and known to the bill."""

from datetime import date

import pytest
from django.db import Error, connection, transaction

from svet.domains.metering import actions, queries
from svet.domains.metering.actions import ConditionRefused
from svet.domains.metering.rules import ConditionKind
from svet.domains.metering.tests import world
from svet.infra import audit
from svet.kernel.errors import Conflict, NotFound

pytestmark = pytest.mark.django_db
FAILED_ON, TODAY = date(2026, 3, 10), date(2026, 3, 20)


def record(home, kind=ConditionKind.FAILED, **other):
    meter_id = home.meter.pk if kind == ConditionKind.FAILED else None
    terms = {
        "account_id": home.account.pk, "supply_point_id": home.point.pk, "meter_id": meter_id, "from_on": FAILED_ON,
        "act_number": "17", "reason": "Дисплей погас", "by": None, "at": world.noon(TODAY),
    }  # fmt: skip
    return actions.record_condition(kind, **terms | other)


def lift(home, condition_id, **other):
    terms = {"lifted_on": TODAY, "reason": "Починен", "by": None, "at": world.noon(TODAY)}
    actions.lift_condition(condition_id, account_id=home.account.pk, **terms | other)


def test_a_failure_is_known_from_its_day_until_it_is_lifted():
    home = world.home()
    condition_id = record(home)

    (known,) = queries.conditions_of(home.account.pk)
    assert (known.kind, known.meter_serial, known.from_on, known.lifted_on) == ("failed", "SN-1", FAILED_ON, None)
    lift(home, condition_id)

    assert queries.conditions_of(home.account.pk)[0].lifted_on == TODAY
    told = audit.of_account(home.account.pk)
    assert [one.verb for one in told] == ["metering.lift_condition", "metering.record_condition"]


def test_the_same_said_twice_is_one_condition():
    home = world.home()

    assert record(home) == record(home)


def test_a_second_failure_waits_until_the_first_is_lifted():
    home = world.home()
    record(home)

    with pytest.raises(Conflict, match="condition_holds"):
        record(home, from_on=TODAY)


def test_every_act_of_refusal_is_a_condition_of_its_own():
    home = world.home()

    assert record(home, ConditionKind.ACCESS_REFUSED) != record(home, ConditionKind.ACCESS_REFUSED, from_on=TODAY)


def test_what_never_held_is_lifted_on_its_first_day_and_shown_no_more():
    home = world.home()
    lift(home, record(home), lifted_on=FAILED_ON)

    assert queries.conditions_of(home.account.pk) == []


@pytest.mark.parametrize(
    "other",
    [
        {"reason": "  "},
        {"from_on": date(2026, 3, 21)},
        {"meter_id": None},
    ],
)
def test_a_condition_without_reason_meter_or_past_is_refused(other):
    home = world.home()

    with pytest.raises(ConditionRefused):
        record(home, **other)


def test_a_condition_of_the_supply_names_no_meter():
    home = world.home()

    with pytest.raises(ConditionRefused):
        record(home, ConditionKind.METER_FEASIBLE, meter_id=home.meter.pk)


def test_anothers_meter_cannot_be_declared_failed_nor_mended():
    home, other = world.home(1), world.home(2)
    condition_id = record(home)

    with pytest.raises(NotFound):
        record(home, meter_id=other.meter.pk)
    with pytest.raises(NotFound):
        record(other, supply_point_id=home.point.pk, meter_id=home.meter.pk)
    with pytest.raises(NotFound):
        lift(other, condition_id)


def test_a_condition_is_lifted_once_and_not_before_it_began():
    home = world.home()
    condition_id = record(home)

    with pytest.raises(ConditionRefused):
        lift(home, condition_id, lifted_on=date(2026, 3, 9))
    lift(home, condition_id)
    with pytest.raises(Conflict, match="condition_is_lifted"):
        lift(home, condition_id)


@pytest.mark.parametrize(
    "statement", ["UPDATE metering_condition SET reason = 'нет'", "DELETE FROM metering_condition"]
)
def test_the_database_keeps_conditions_as_they_were_written(statement):
    record(world.home())

    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
