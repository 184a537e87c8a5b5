"""Towns of any size for measurements: households with meters, readings and prices, right by construction.

`build_town` makes quiet households; `build_region` the mix of a real region, with debtors and meters that change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from svet.domains.debts import actions as debts
from svet.domains.tariffs import actions as tariffs
from svet.kernel.period import Month
from svet.surfaces.console.bench._progress import step

LAST = Month("2026-10")
"""The last month that has readings."""
CLOSED = LAST.plus(-3)
"""The last month of a region's ledger: three months are billed after it."""
CHANGING = (50, 40)
"""The last digits of the meters that are changed in the last month, and in the one before it."""
FILLED = (
    "customers_customer", "supply_premises", "supply_point", "supply_point_category", "accounts_account",
    "accounts_agreement", "accounts_household", "metering_meter", "metering_register", "metering_installation",
    "metering_reading", "ledger_entry", "ledger_turnover",
)  # fmt: skip

_TOWN = (
    "INSERT INTO customers_customer (kind, code, family_name, given_name, patronymic, organisation_name, inn, kpp,"
    " ogrn) SELECT 'person', 'bills-' || n, 'Замерова', 'Анна', 'Ивановна', '', '', '', ''"
    " FROM generate_series(1, {size}) n WHERE {part}",
    "INSERT INTO supply_premises (code, kind, postal_code, region, district, settlement, street, house, flat, rooms,"
    " area_m2, electric_stove, electric_heating) SELECT 'bills-' || n, 'flat', '600901', '', '', 'г. Светлогорье',"
    " 'ул. Новая', (n / 100)::text, (n % 100)::text, 1 + n % 3, 52.5, false, false"
    " FROM generate_series(1, {size}) n WHERE {part}",
    "INSERT INTO supply_point (code, premises_id, max_power_kw)"
    " SELECT code, id, 15 FROM supply_premises, {n_of_code} WHERE code LIKE 'bills-%' AND {part} ORDER BY id",
    "INSERT INTO supply_point_category (supply_point_id, territory, category, valid)"
    " SELECT id, 'nn', 'urban_gas', daterange('2020-01-01', NULL) FROM supply_point, {n_of_code}"
    " WHERE code LIKE 'bills-%' AND n % 1000 <> 0 AND {part}",
    "INSERT INTO accounts_account (number, customer_id, opened_on, bill_delivery)"
    " SELECT '78' || lpad(substr(code, 7), 8, '0'), id, '2020-01-01', 'paper'"
    " FROM customers_customer, {n_of_code} WHERE code LIKE 'bills-%' AND {part} ORDER BY id",
    "INSERT INTO accounts_agreement (account_id, supply_point_id, number, valid)"
    " SELECT a.id, s.id, '', daterange('2020-01-01', NULL) FROM accounts_account a"
    " CROSS JOIN {n_of_number} JOIN supply_point s ON s.code = 'bills-' || n"
    " WHERE a.number LIKE '78%' AND {part} ORDER BY a.id",
    "INSERT INTO accounts_household (account_id, registered, temporary, owners, privileged, valid)"
    " SELECT id, 1 + id % 4, 0, 1, false, daterange('2020-01-01', NULL) FROM accounts_account a,"
    " {n_of_number} WHERE number LIKE '78%' AND {part} ORDER BY id",
    "INSERT INTO metering_meter (serial, model, zoning, digits, fraction_digits, multiplier, verification_due_on)"
    " SELECT 'bills-' || n, '', CASE WHEN n % 100 < {one_zone} THEN '1' WHEN n % 100 < 97 THEN '2' ELSE '3' END, 6, 0,"
    " 1, '2032-01-01' FROM generate_series(1, {size}) n WHERE n % 33 <> 0 AND {part}",
    "INSERT INTO metering_register (meter_id, position, band)"
    " SELECT m.id, b.position, b.band FROM metering_meter m JOIN (VALUES ('1', 1, 'all'), ('2', 1, 'day'),"
    " ('2', 2, 'night'), ('3', 1, 'peak'), ('3', 2, 'half_peak'), ('3', 3, 'night')) b (zoning, position, band)"
    " USING (zoning) CROSS JOIN {n_of_serial} WHERE m.serial LIKE 'bills-%' AND {part} ORDER BY m.id, b.position",
    "INSERT INTO metering_installation (meter_id, supply_point_id, valid, act_number)"
    " SELECT m.id, s.id, daterange('2020-01-01', NULL), '' FROM metering_meter m"
    " JOIN supply_point s ON s.code = m.serial CROSS JOIN {n_of_serial} WHERE m.serial LIKE 'bills-%' AND {part}",
)
_DIALS = (
    "CREATE TEMP TABLE dials ON COMMIT DROP AS SELECT a.id AS account_id, r.id AS register_id"
    " FROM accounts_account a CROSS JOIN {n_of_number} JOIN metering_meter m ON m.serial = 'bills-' || n"
    " JOIN metering_register r ON r.meter_id = m.id WHERE a.number LIKE '78%' AND {part} ORDER BY a.id, r.id",
    "ANALYZE dials",
)
_READ = """
INSERT INTO metering_reading (account_id, register_id, value, taken_on, kind, channel, received_at, verdict, findings)
SELECT account_id, register_id, 1000 + (80 + account_id % 90) * ({k} + {months} - 8), '{read_on}', 'regular', 'import',
       '{read_on}', 'accepted', '[]'
  FROM dials a WHERE NOT ({unread})
"""
"""One month's readings, in the order of accounts: `k` is 7 in the last month, and one less in each before."""
_CHARGED = """
INSERT INTO ledger_entry (account_id, service, kind, amount, month, concerns, posted_on, source_kind, source_id, line,
                          recorded_at)
SELECT id, 'energy', 'charge', 400 + id % 1700 + 0.37, '{month}', '{month}', '{last_on}', 'bench', {k}, 1, '{next}'
  FROM accounts_account a WHERE number LIKE '78%' ORDER BY id
"""
_PAID_SO_FAR = """
INSERT INTO ledger_entry (account_id, service, kind, amount, month, concerns, posted_on, source_kind, source_id, line,
                          recorded_at)
SELECT id, 'energy', 'payment', -(400 + id % 1700 + 0.37), '{next}', NULL, date '{next}' + 8 + id::int % 5, 'bench',
       100 + {k}, 1, date '{next}' + 20
  FROM accounts_account a WHERE number LIKE '78%' AND NOT (id % 20 < 3 AND {k} > -2 - id % 5) ORDER BY id
"""
"""Every month was charged; three accounts of twenty stopped paying two to six months ago, so they owe for several. `k`
is 0 in the last closed month, and one less in each before."""
_CLOSE = (
    "INSERT INTO ledger_turnover (account_id, service, month, opening, charged, corrected, penalties, paid, closing)"
    " SELECT account_id, 'energy', '{closed}', sum(amount), 0, 0, 0, 0, sum(amount) FROM ledger_entry"
    " WHERE source_kind = 'bench' AND month <= '{closed}' GROUP BY account_id ORDER BY account_id",
    "INSERT INTO ledger_month_close (month, closed_at, totals) VALUES ('{closed}', '{last}', '{{}}')",
)
_METERS_CHANGE = (
    "UPDATE metering_installation i SET valid = daterange('2020-01-01', '{changed}') FROM metering_meter m"
    " WHERE m.id = i.meter_id AND m.serial LIKE 'bills-%{digits}'",
    "INSERT INTO metering_meter (serial, model, zoning, digits, fraction_digits, multiplier, verification_due_on)"
    " SELECT 'new-' || serial, '', zoning, 6, 0, 1, '2042-01-01' FROM metering_meter WHERE serial LIKE"
    " 'bills-%{digits}'",
    "INSERT INTO metering_register (meter_id, position, band) SELECT n.id, r.position, r.band"
    " FROM metering_meter n JOIN metering_meter o ON n.serial = 'new-' || o.serial AND o.serial LIKE 'bills-%{digits}'"
    " JOIN metering_register r ON r.meter_id = o.id",
    "INSERT INTO metering_installation (meter_id, supply_point_id, valid, act_number)"
    " SELECT n.id, i.supply_point_id, daterange('{changed}', NULL), 'bench' FROM metering_meter n"
    " JOIN metering_meter o ON n.serial = 'new-' || o.serial AND o.serial LIKE 'bills-%{digits}'"
    " JOIN metering_installation i ON i.meter_id = o.id",
    "DELETE FROM metering_reading d USING metering_register r, metering_meter m WHERE m.id = r.meter_id"
    " AND r.id = d.register_id AND m.serial LIKE 'bills-%{digits}' AND d.taken_on >= '{changed}'",
    "INSERT INTO metering_reading (account_id, register_id, value, taken_on, kind, channel, received_at, verdict,"
    " findings) SELECT g.account_id, r.id, v.value, v.taken_on, v.kind, 'import', v.taken_on, 'accepted', '[]'"
    " FROM metering_meter m JOIN metering_register r ON r.meter_id = m.id"
    " JOIN metering_installation i ON i.meter_id = m.id JOIN accounts_agreement g USING (supply_point_id)"
    " JOIN LATERAL (VALUES ('bills-', 'removed', date '{changed}',"
    " 1000 + (80 + g.account_id % 90) * {before} + (80 + g.account_id % 90) * 7 / 10),"
    " ('new-', 'installed', date '{changed}', 1)"
    " UNION ALL SELECT 'new-', 'regular', (date '{changed}' + 8 + j * interval '1 month')::date,"
    " 25 + (80 + g.account_id % 90) * j FROM generate_series(0, {back}) j)"
    " v (word, kind, taken_on, value) ON starts_with(m.serial, v.word) WHERE m.serial LIKE '%bills-%{digits}'"
    " ORDER BY v.taken_on, g.account_id",
)
_CORRECTED = """
INSERT INTO metering_reading (account_id, register_id, value, taken_on, kind, channel, received_at, verdict, findings,
                              counts_from, replaces_id)
SELECT r.account_id, r.register_id, r.value + 7, r.taken_on, r.kind, 'desk', '{counts_from}', 'accepted', '[]',
       '{counts_from}', r.id
  FROM metering_reading r JOIN accounts_account a ON a.id = r.account_id
 WHERE a.number LIKE '78%30' AND r.taken_on = '{read_on}' AND r.kind = 'regular'
"""
_PAID = """
INSERT INTO ledger_entry (account_id, service, kind, amount, month, concerns, posted_on, source_kind, source_id, line,
                          recorded_at)
SELECT account_id, 'energy', 'payment', -closing, '{month}', NULL, date '{month}' + 8 + account_id::int % 5, 'bench',
       {paid}, 1, '{month}' FROM billing_bill WHERE month = '{billed}' AND closing > 0 AND account_id % 20 >= 3
"""


def build_town(size: int, *, at: datetime, months: int = 8, part: str = "true") -> None:
    """Make `size` households with prices and `months` of readings until October, their numbers begin with 78.

    `part` is a condition on their place `n`, for a town that is built in parts. One of eleven gives no reading in
    the last month.
    """
    tariffs.load_reference(at=at)
    with _unchecked() as cursor:
        _settle(cursor, size=size, part=part, one_zone=76)
        _read(cursor, months=months, part=part, unread="{k} = 7 AND a.account_id % 11 = 0")
        cursor.execute("ANALYZE")


def build_region(size: int, *, at: datetime, months: int = 24) -> None:
    """Make `size` households as a region has them, with `months` of readings and of charges until `CLOSED`.

    Each month a quarter gives no reading, 30 of a hundred have zones, 15 owe for several months, for one the meter
    changes in each of the last two months. What has to come between two runs, `between_runs` does.
    """
    tariffs.load_reference(at=at)
    debts.load_reference(at=at)
    debts.confirm_key_rates(LAST.last_on, source="bench", by=None, at=at)
    with _unchecked() as cursor:
        with _indexed_afterwards(cursor, FILLED):
            with step(f"{size:,} households"):
                _settle(cursor, size=size, part="true", one_zone=70)
            with step(f"readings of {months} months"):
                _read(cursor, months=months, part="true", unread="(a.account_id + {k}) % 4 = 0")
            with step(f"charges and payments of {months} months"):
                _charge(cursor, months=months)
        with step("changed meters"):
            for back, digits in enumerate(CHANGING):
                changed = LAST.plus(-back).first_on.replace(day=15)
                _execute(cursor, _METERS_CHANGE, digits=digits, changed=changed, back=back, before=months - 2 - back)


def between_runs(billed: Month) -> None:
    """Let all but debtors pay the bills of `billed`, and one account of a hundred correct its reading of that month."""
    dated = {"month": billed.next.first_on, "billed": billed.first_on, "read_on": billed.first_on.replace(day=23)}
    with step(f"payments and corrections after {billed}"):
        with _unchecked() as cursor:
            _execute(
                cursor,
                (_PAID, _CORRECTED),
                paid=1000 + billed.first_on.month,
                counts_from=billed.next.first_on,
                **dated,
            )
        vacuum()


def vacuum() -> None:
    """Give the planner its figures."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _settle(cursor: Any, **words: object) -> None:
    _execute(cursor, _TOWN, **words)


def _read(cursor: Any, *, months: int, part: str, unread: str) -> None:
    _execute(cursor, _DIALS, part=part)
    for k in range(8 - months, 8):
        read_on = LAST.plus(k - 7).first_on.replace(day=23)
        _execute(cursor, (_READ,), k=k, months=months, read_on=read_on, unread=unread.format(k=k))
    cursor.execute("DROP TABLE dials")


def _charge(cursor: Any, *, months: int) -> None:
    for k in range(1 - months, 1):
        month = CLOSED.plus(k)
        dated = {"k": k, "month": month.first_on, "last_on": month.last_on, "next": month.next.first_on}
        _execute(cursor, (_CHARGED, _PAID_SO_FAR) if k < 0 else (_CHARGED,), **dated)
    _execute(cursor, (_PAID_SO_FAR,), **dated)
    _execute(cursor, _CLOSE, closed=CLOSED.first_on, last=LAST.first_on)


@contextmanager
def _unchecked() -> Iterator[Any]:
    """Write in one transaction without checks: tens of millions of rows that are right by construction need none."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor


@contextmanager
def _indexed_afterwards(cursor: Any, tables: Sequence[str]) -> Iterator[None]:
    """Take the indices of these tables away but for their primary keys, and build them when the rows are there."""
    cursor.execute(_CONSTRAINTS, [list(tables)])
    constraints = cursor.fetchall()
    for table, name, _ in constraints:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    cursor.execute(_INDICES, [list(tables)])
    indices = cursor.fetchall()
    for name, _ in indices:
        cursor.execute(f"DROP INDEX {name}")
    yield
    with step("their indices"):
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for table, name, made in constraints:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {made}")
        for _, made in indices:
            cursor.execute(made)


_CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint c
 WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('u', 'x')
   AND NOT EXISTS (SELECT 1 FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = c.conindid)
"""
_INDICES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
 WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary
   AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
"""


def _execute(cursor: Any, statements: Sequence[str], **words: object) -> None:
    places = {
        "n_of_code": "LATERAL (SELECT substr(code, 7)::int AS n) place",
        "n_of_number": "LATERAL (SELECT substr(a.number, 3)::int AS n) place",
        "n_of_serial": "LATERAL (SELECT substr(m.serial, 7)::int AS n) place",
    }
    for statement in statements:
        cursor.execute(statement.format(**words, **places))
