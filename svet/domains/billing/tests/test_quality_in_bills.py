"""Supply that failed for too long makes the month cheaper; what never was does not."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.db import Error, connection, transaction

from svet.domains.billing import actions, jobs, queries
from svet.domains.billing.tests.region import AT, OCTOBER, build_street
from svet.domains.supply import actions as supply
from svet.domains.supply.actions import InterruptionRefused
from svet.domains.supply.rules import InterruptionKind
from svet.infra.clock import MOSCOW
from svet.kernel.errors import Conflict, NotFound

pytestmark = pytest.mark.django_db


def moment(day, hour):
    return datetime(2026, 10, day, hour, tzinfo=MOSCOW)


@pytest.fixture
def street():
    return build_street(3)


def point_of(account_id):
    with connection.cursor() as cursor:
        cursor.execute("SELECT supply_point_id FROM accounts_agreement WHERE account_id = %s", [account_id])
        return cursor.fetchone()[0]


FROM_AT, UNTIL_AT = moment(5, 0), moment(6, 8)


def record(point, *, from_at=FROM_AT, until_at=UNTIL_AT, **other):
    terms = {"kind": InterruptionKind.OUTAGE, "reason": "Авария на линии", "by": None, "at": AT}
    return supply.record_interruption(point, from_at=from_at, until_at=until_at, **terms | other)


def charge_of(account_id):
    run_id = actions.start_run(month=OCTOBER, started_by=None, at=AT)
    jobs.work_off(run_id, at=AT)
    return queries.charges_of(account_id, month=OCTOBER)[0]


def test_eight_hours_over_cost_the_month_a_line_less(street):
    record(point_of(street[0]))

    charge = charge_of(street[0])

    why = queries.explain(street[0], charge.charge_id)
    (less,) = [line for line in why.lines if line.rule_code == "Q01"]
    whole = charge.amount - less.amount
    assert less.amount == -(whole * 8 * Decimal("0.0015")).quantize(Decimal("0.01"))
    assert sum(line.amount for line in why.lines) == charge.amount
    assert less.rule.source == "PP 354 appendix 1"


def test_what_never_was_costs_nothing(street):
    supply.undo_interruption(record(point_of(street[0])), reason="Ошибка", by=None, at=AT)

    charge = charge_of(street[0])

    assert {line.rule_code for line in queries.explain(street[0], charge.charge_id).lines} & {"Q01"} == set()


def test_the_same_said_twice_counts_once_and_another_may_not_meet_it(street):
    point = point_of(street[0])

    assert record(point) == record(point)
    with pytest.raises(Conflict, match="interruption_overlaps"):
        record(point, from_at=moment(5, 3))


def test_what_was_undone_is_not_undone_again(street):
    made = record(point_of(street[0]))
    supply.undo_interruption(made, reason="Ошибка", by=None, at=AT)

    with pytest.raises(Conflict, match="interruption_undone"):
        supply.undo_interruption(made, reason="Ошибка", by=None, at=AT)


@pytest.mark.parametrize(
    "other",
    [
        {"reason": " "},
        {"until_at": moment(5, 0)},
        {"until_at": datetime(2027, 1, 1, tzinfo=MOSCOW)},
        {"independent_sources": 3},
    ],
)
def test_an_interruption_without_reason_time_end_or_sources_is_refused(street, other):
    with pytest.raises(InterruptionRefused):
        record(point_of(street[0]), **other)


def test_no_supply_point_has_no_interruptions():
    with pytest.raises(NotFound):
        record(404)


def test_the_database_keeps_interruptions_as_they_were_written(street):
    record(point_of(street[0]))

    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM supply_interruption")
