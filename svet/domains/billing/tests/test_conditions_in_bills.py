"""What is the matter with a meter reaches the charge of a run, and the charge says so."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from svet.domains.billing import actions, jobs, queries
from svet.domains.billing.tests.region import AT, NOVEMBER, OCTOBER, SEPTEMBER, build_street
from svet.domains.metering import actions as metering
from svet.domains.metering.rules import ConditionKind, VolumeBasis

pytestmark = pytest.mark.django_db


def rated(month):
    run_id = actions.start_run(month=month, started_by=None, at=AT)
    jobs.work_off(run_id, at=AT)
    actions.issue_bills(run_id, at=AT)
    jobs.work_off(run_id, at=AT)


def record(account_id, kind, from_on):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.supply_point_id, i.meter_id FROM accounts_agreement a JOIN metering_installation i"
            " USING (supply_point_id) WHERE a.account_id = %s",
            [account_id],
        )
        point, meter = cursor.fetchone()
    return metering.record_condition(
        kind, account_id=account_id, supply_point_id=point, meter_id=meter if kind == ConditionKind.FAILED else None,
        from_on=from_on, reason="Акт", by=None, at=AT,
    )  # fmt: skip


def test_a_failed_meter_is_averaged_and_its_later_readings_are_not_used():
    street = build_street(3)
    rated(SEPTEMBER)
    record(street[0], ConditionKind.FAILED, date(2026, 10, 1))

    rated(OCTOBER)
    rated(NOVEMBER)

    charge = queries.charges_of(street[0], month=OCTOBER)[0]
    assert (charge.kwh, charge.basis, charge.estimated_months) == (Decimal(101), VolumeBasis.AVERAGE, 1)
    why = queries.explain(street[0], charge.charge_id)
    assert [volume.rule_code for volume in why.volumes] == ["V11"]
    assert why.volumes[0].facts["limit_months"] is None
    assert not why.awaits_reading
    later = queries.charges_of(street[0], month=NOVEMBER)[0]
    assert (later.basis, later.estimated_months) == (VolumeBasis.AVERAGE, 2)


def test_a_failure_that_never_was_changes_nothing():
    street = build_street(3)
    rated(SEPTEMBER)
    condition = record(street[0], ConditionKind.FAILED, date(2026, 10, 1))
    metering.lift_condition(
        condition, account_id=street[0], lifted_on=date(2026, 10, 1), reason="Ошибка", by=None, at=AT
    )

    rated(OCTOBER)

    assert queries.charges_of(street[0], month=OCTOBER)[0].basis == VolumeBasis.MEASURED


def test_refused_access_is_the_reason_of_the_average_and_has_its_own_limit():
    street = build_street(10)
    rated(SEPTEMBER)
    record(street[9], ConditionKind.ACCESS_REFUSED, date(2026, 10, 5))

    rated(OCTOBER)

    charge = queries.charges_of(street[9], month=OCTOBER)[0]
    (volume,) = queries.explain(street[9], charge.charge_id).volumes
    assert (volume.rule_code, volume.facts["reason"], volume.facts["limit_months"]) == ("V12", "refused", 3)
