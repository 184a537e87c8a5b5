"""A reading that comes late settles each estimated month at its own prices, from what the tables hold."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.db import connection

from svet.domains.billing import actions, jobs, queries
from svet.domains.billing.tests.region import AT, NOVEMBER, OCTOBER, SEPTEMBER, build_street
from svet.domains.metering import queries as metering
from svet.domains.metering.queries import UnsavedReading
from svet.domains.supply import actions as supply
from svet.domains.supply.rules import InterruptionKind
from svet.infra.clock import MOSCOW
from svet.kernel.energy import TimeBand

pytestmark = pytest.mark.django_db


def rated(month):
    run_id = actions.start_run(month=month, started_by=None, at=AT)
    jobs.work_off(run_id, at=AT)
    actions.issue_bills(run_id, at=AT)
    jobs.work_off(run_id, at=AT)


def read(account_id, value, on):
    """Give the account's meter an accepted reading, as an import would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO metering_reading (account_id, register_id, value, taken_on, kind, channel, received_at,"
            " verdict, findings) SELECT account_id, register_id, %s, %s, 'control', 'import', now(), 'accepted', '[]'"
            " FROM metering_reading WHERE account_id = %s ORDER BY id LIMIT 1",
            [value, on, account_id],
        )


def test_october_is_turned_line_by_line_and_priced_anew_when_november_is_read():
    silent = build_street(10)[9]
    rated(SEPTEMBER)
    rated(OCTOBER)
    last = metering.history(silent)[0].value
    read(silent, last + 305, date(2026, 11, 23))

    rated(NOVEMBER)

    before = queries.charges_of(silent, month=OCTOBER)[0]
    charge = queries.charges_of(silent, month=NOVEMBER)[0]
    why = queries.explain(silent, charge.charge_id)
    assert [volume.rule_code for volume in why.volumes] == ["V01", "V07"]
    assert sum(volume.kwh for volume in why.volumes) == charge.kwh == 305 - before.kwh
    october = [line for line in why.lines if line.from_on < NOVEMBER.first_on]
    assert {line.rule_code for line in october if line.kwh < 0} <= {"P11"}
    assert sum(line.kwh for line in october) + before.kwh == Decimal("155.000")
    assert why.volumes[0].spread == ((OCTOBER, Decimal("155.000")),)
    assert sum(line.amount for line in why.lines) == charge.amount


def test_the_reduction_of_october_follows_its_new_charge():
    silent = build_street(10)[9]
    with connection.cursor() as cursor:
        cursor.execute("SELECT supply_point_id FROM accounts_agreement WHERE account_id = %s", [silent])
        point_id = cursor.fetchone()[0]
    supply.record_interruption(
        point_id, kind=InterruptionKind.OUTAGE, from_at=datetime(2026, 10, 5, tzinfo=MOSCOW),
        until_at=datetime(2026, 10, 6, 8, tzinfo=MOSCOW), reason="Обрыв", by=None, at=AT,
    )  # fmt: skip
    rated(SEPTEMBER)
    rated(OCTOBER)
    last = metering.history(silent)[0].value
    read(silent, last + 305, date(2026, 11, 23))
    rated(NOVEMBER)

    charges = [queries.charges_of(silent, month=month)[0] for month in (OCTOBER, NOVEMBER)]
    lines = [line for charge in charges for line in queries.explain(silent, charge.charge_id).lines]
    october = [line for line in lines if line.from_on < NOVEMBER.first_on]
    less = [line.amount for line in october if line.rule_code == "Q01"]
    whole = sum(line.amount for line in october if line.rule_code != "Q01")
    assert len(less) == 2
    assert sum(less) == -(whole * 8 * Decimal("0.0015")).quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_what_the_month_would_cost_settles_the_estimates_too():
    silent = build_street(10)[9]
    rated(SEPTEMBER)
    rated(OCTOBER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT register_id FROM metering_reading WHERE account_id = %s LIMIT 1", [silent])
        register_id = cursor.fetchone()[0]
    last = metering.history(silent)[0].value
    value_wh, on = int((last + 305) * 1000), date(2026, 11, 23)
    unsaved = UnsavedReading(register_id, 1, TimeBand.ALL_DAY, value_wh, on, NOVEMBER.first_on, None)

    foretold = queries.preview_charge(silent, month=NOVEMBER, unsaved=[unsaved])
    read(silent, last + 305, date(2026, 11, 23))
    rated(NOVEMBER)

    assert foretold.amount == queries.charges_of(silent, month=NOVEMBER)[0].amount
    assert "P11" in {line.rule_code for line in foretold.lines}
