"""A street of households for tests, made by set SQL: meters read monthly, one home in ten without this month's reading.

Home n has account number 77 followed by n in eight digits and uses 100 + n % 50 kWh a month. Its meter has one
register; homes divisible by 10 gave no reading for October 2026.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import connection

from svet.domains.tariffs import actions as tariffs
from svet.infra.clock import MOSCOW
from svet.kernel.period import Month
from tests import reference

SEPTEMBER, OCTOBER, NOVEMBER = Month("2026-09"), Month("2026-10"), Month("2026-11")
AT = datetime(2026, 11, 2, 9, 0, tzinfo=MOSCOW)

_STREET = """
INSERT INTO customers_customer (kind, code, family_name, given_name, patronymic, organisation_name, inn, kpp, ogrn)
SELECT 'person', 'street-' || n, 'Жильцова', 'Анна', '', '', '', '', '' FROM generate_series(1, %(size)s) n;
INSERT INTO supply_premises (code, kind, postal_code, region, district, settlement, street, house, flat, rooms, area_m2,
                             electric_stove, electric_heating)
SELECT 'street-' || n, 'flat', CASE WHEN n %% 2 = 0 THEN '600902' ELSE '600901' END, '', '', 'г. Светлогорье',
       'ул. Тестовая', '1', n::text, 2, 52.5, false, false FROM generate_series(1, %(size)s) n;
INSERT INTO supply_point (code, premises_id, max_power_kw)
SELECT p.code, p.id, 15 FROM supply_premises p WHERE p.code LIKE 'street-%%' ORDER BY p.id;
INSERT INTO supply_point_category (supply_point_id, territory, category, valid)
SELECT id, 'nn', 'urban_gas', daterange('2020-01-01', NULL) FROM supply_point WHERE code LIKE 'street-%%';
INSERT INTO accounts_account (number, customer_id, opened_on, bill_delivery)
SELECT '77' || lpad(n::text, 8, '0'), c.id, '2020-01-01', 'paper'
  FROM generate_series(1, %(size)s) n JOIN customers_customer c ON c.code = 'street-' || n ORDER BY n;
INSERT INTO accounts_agreement (account_id, supply_point_id, number, valid)
SELECT a.id, s.id, '', daterange('2020-01-01', NULL)
  FROM accounts_account a JOIN supply_point s ON s.code = 'street-' || substr(a.number, 3)::int
 WHERE a.number LIKE '77%%' ORDER BY a.id;
INSERT INTO accounts_household (account_id, registered, temporary, owners, privileged, valid)
SELECT id, 2, 0, 1, false, daterange('2020-01-01', NULL) FROM accounts_account WHERE number LIKE '77%%' ORDER BY id;
INSERT INTO metering_meter (serial, model, zoning, digits, fraction_digits, multiplier, verification_due_on)
SELECT 'street-' || n, '', '1', 6, 0, 1, '2032-01-01' FROM generate_series(1, %(size)s) n;
INSERT INTO metering_register (meter_id, position, band)
SELECT id, 1, 'all' FROM metering_meter WHERE serial LIKE 'street-%%' ORDER BY id;
INSERT INTO metering_installation (meter_id, supply_point_id, valid, act_number)
SELECT m.id, s.id, daterange('2020-01-01', NULL), '' FROM metering_meter m JOIN supply_point s ON s.code = m.serial;
INSERT INTO metering_reading (account_id, register_id, value, taken_on, kind, channel, received_at, verdict, findings)
SELECT a.id, r.id, 1000 + (100 + n %% 50) * k,
       (date '2026-03-23' + k * interval '1 month')::date, 'regular', 'import',
       date '2026-03-23' + k * interval '1 month', 'accepted', '[]'
  FROM generate_series(1, %(size)s) n, generate_series(0, 7) k,
       accounts_account a, metering_meter m, metering_register r
 WHERE a.number = '77' || lpad(n::text, 8, '0') AND m.serial = 'street-' || n AND r.meter_id = m.id
   AND NOT (n %% 10 = 0 AND k = 7)
 ORDER BY k, a.id;
"""


def build_street(size: int) -> list[int]:
    """Load the reference data and build the street; return the ids of its accounts."""
    reference.load(tariffs, at=AT)
    with connection.cursor() as cursor:
        for statement in _STREET.split(";\n"):
            if statement.strip():
                cursor.execute(statement, {"size": size})
        cursor.execute("SELECT id FROM accounts_account WHERE number LIKE '77%%' ORDER BY id", [])
        return [row[0] for row in cursor.fetchall()]


def drop_category(account_id: int) -> None:
    """Spoil an account: nobody knows any more by which tables to price it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM supply_point_category WHERE supply_point_id IN"
            " (SELECT supply_point_id FROM accounts_agreement WHERE account_id = %s)",
            [account_id],
        )


def restore_category(account_id: int) -> None:
    """Mend a spoiled account."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO supply_point_category (supply_point_id, territory, category, valid)"
            " SELECT supply_point_id, 'nn', 'urban_gas', daterange('2020-01-01', NULL)"
            " FROM accounts_agreement WHERE account_id = %s",
            [account_id],
        )


def sums(run_id: int) -> tuple[int, Decimal, Decimal, Decimal]:
    """Return the number of charges of a run and the sums of charges, lines and ledger entries."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(sum(c.amount), 0),"
            " coalesce(sum((SELECT sum(l.amount) FROM billing_line l WHERE l.charge_id = c.id)), 0),"
            " coalesce(sum((SELECT sum(e.amount) FROM ledger_entry e"
            "                WHERE e.source_kind = 'charge' AND e.source_id = c.id)), 0)"
            " FROM billing_charge c WHERE c.run_id = %s",
            [run_id],
        )
        return cursor.fetchone()


def numbers(run_id: int) -> list[int]:
    """Return the numbers of a run's bills in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM billing_bill WHERE run_id = %s ORDER BY number", [run_id])
        return [row[0] for row in cursor.fetchall()]
