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
CLOSED_BACK = 3
CLOSED = LAST.plus(-CLOSED_BACK)
"""The last month of a region's ledger: three months are billed after it."""
UNREAD = "(a.account_id + {k}) % 4 = 0"
"""Who gives no reading; `k` is 7 in the last month, and one less in each before."""
BILLED_MONTHS = 12
"""How many months until `CLOSED` have charges: a run looks no further back, but for accounts that nobody reads."""
CHANGING = (50, 40)
"""The last digits of the meters that are changed in the last month, and in the one before it."""
FILLED = (
    "customers_customer", "supply_premises", "supply_point", "supply_point_category", "accounts_account",
    "accounts_agreement", "accounts_household", "metering_meter", "metering_register", "metering_installation",
    "metering_reading", "ledger_entry", "ledger_turnover", "billing_charge", "billing_line", "billing_volume",
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
    "CREATE TEMP TABLE dials ON COMMIT DROP AS SELECT a.id AS account_id, r.id AS register_id, m.zoning, r.band,"
    " r.position"
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
_SPANS = (
    "CREATE TEMP TABLE spans ON COMMIT DROP AS SELECT register_id, id AS end_id, value AS end_value,"
    " taken_on AS end_on, lag(id) OVER w AS start_id, lag(value) OVER w AS start_value,"
    " lag(taken_on) OVER w AS start_on FROM metering_reading WHERE taken_on >= '{since}' AND taken_on < '{until}'"
    " WINDOW w AS (PARTITION BY register_id ORDER BY taken_on)",
    "ANALYZE spans",
)
_BILLED = (
    "INSERT INTO billing_charge (id, account_id, supply_point_id, month, version, kwh, amount, vat_percent, vat, basis,"
    " estimated_months, facts, calculated_at) SELECT {ahead} + a.account_id, a.account_id, a.supply_point_id,"
    " '{month}', 1, 80 + a.account_id % 90, 400 + a.account_id % 1700 + 0.37, 22, 72.13,"
    " CASE WHEN n % 33 = 0 THEN 'norm' WHEN {unread} THEN 'average' ELSE 'measured' END,"
    " CASE WHEN n % 33 = 0 THEN {counted} ELSE ({unread})::int END,"
    " {facts_of_charge}, '{next}' FROM {homes} CROSS JOIN {n_of_number} ORDER BY a.account_id",
    "INSERT INTO billing_volume (account_id, charge_id, number, register_id, band, from_on, until_on, start_reading_id,"
    " end_reading_id, start_value, end_value, multiplier, kwh, basis, rule, facts) SELECT a.account_id,"
    " {ahead} + a.account_id, position, a.register_id, band, coalesce(start_on, '{month}'), coalesce(end_on, '{next}'),"
    " start_id, end_id, start_value, end_value, 1, coalesce(end_value - start_value, 80 + a.account_id % 90),"
    " CASE WHEN end_id IS NULL THEN 'average' ELSE 'measured' END, CASE WHEN end_id IS NULL THEN 'V04' ELSE 'V01' END,"
    " CASE WHEN end_id IS NULL THEN {facts_of_average} ELSE {facts_of_volume} END"
    " FROM dials a LEFT JOIN spans s ON s.register_id = a.register_id AND s.end_on = '{read_on}'"
    " ORDER BY a.account_id, position",
    "INSERT INTO billing_volume (account_id, charge_id, number, band, from_on, until_on, multiplier, kwh, basis, rule,"
    " facts) SELECT a.account_id, {ahead} + a.account_id, 1, 'all', '{month}', '{next}', 1, 80 + a.account_id % 90,"
    " 'norm', 'V06', {facts_of_volume} FROM {homes} CROSS JOIN {n_of_number} WHERE n % 33 = 0 ORDER BY a.account_id",
    "INSERT INTO billing_line (account_id, charge_id, number, zoning, band, step, from_on, until_on, kwh, rate, amount,"
    " basis, rule, tariff_version_id) SELECT a.account_id, {ahead} + a.account_id, position, zoning, band, 1,"
    " '{month}', '{next}', 80 + a.account_id % 90, 4.12, 4.12 * (80 + a.account_id % 90),"
    " CASE WHEN {unread} THEN 'average' ELSE 'measured' END, 'P02', (SELECT min(id) FROM tariffs_version)"
    " FROM dials a ORDER BY a.account_id, position",
)
"""What billing wrote for a month, in the order of accounts: each has its charge, a meter without a reading its average.
The ledger's sums are of their own: nothing compares them in months that are closed."""
_WORDS = {
    "homes": "(SELECT g.account_id, g.supply_point_id, a.number FROM accounts_account a JOIN accounts_agreement g"
    " ON g.account_id = a.id WHERE a.number LIKE '78%') a",
    "facts_of_charge": """'{"days": 30, "category": "urban_gas", "structure": "social_norm", "territory": "nn","""
    """ "households": [{"from_on": "2026-01-01", "persons": 2, "residents": 2, "privileged": false}],"""
    """ "month_days": 30, "social_norm_wh": 160000}'::jsonb""",
    "facts_of_volume": """'{"digits": 6, "average_wh": null}'::jsonb""",
    "facts_of_average": """'{"days": 30, "month": 1, "months": 6, "reason": "no_reading", "last_on": "2026-01-23","""
    """ "last_wh": 2722000, "average_wh": 82000, "month_days": 30, "limit_months": 3, "last_reading_id": 1,"""
    """ "first_reading_id": 1}'::jsonb""",
}
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
    """Make `size` households as a region has them, with `months` of readings and of the ledger until `CLOSED`.

    The last `BILLED_MONTHS` of them have charges with lines and volumes too. Each month a quarter gives no reading, 30
    of a hundred have zones, 15 owe for several months, for one the meter changes in each of the last two months. What
    has to come between two runs, `between_runs` does.
    """
    tariffs.load_reference(at=at)
    debts.load_reference(at=at)
    debts.confirm_key_rates(LAST.last_on, source="bench", by=None, at=at)
    with _unchecked() as cursor:
        with _indexed_afterwards(cursor, FILLED):
            with step(f"{size:,} households"):
                _settle(cursor, size=size, part="true", one_zone=70)
            with step(f"readings of {months} months"):
                _read(cursor, months=months, part="true", unread=UNREAD)
            with step(f"charges of {BILLED_MONTHS} months"):
                _bill(cursor)
            with step(f"entries and payments of {months} months"):
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


def _bill(cursor: Any) -> None:
    """Write what billing would have written in the months until `CLOSED`."""
    first = CLOSED.plus(1 - BILLED_MONTHS)
    _execute(cursor, _DIALS, part="true")
    _execute(cursor, _SPANS, since=first.plus(-3).first_on, until=CLOSED.next.first_on)
    cursor.execute("SELECT max(id) FROM accounts_account")
    size = cursor.fetchone()[0]
    for back in range(BILLED_MONTHS):
        month = first.plus(back)
        dated = {"month": month.first_on, "next": month.next.first_on, "read_on": month.first_on.replace(day=23)}
        unread = UNREAD.format(k=7 - CLOSED_BACK - (BILLED_MONTHS - 1 - back))
        _execute(cursor, _BILLED, unread=unread, ahead=back * size, counted=back + 1, **dated, **_WORDS)
    cursor.execute("DROP TABLE dials, spans")
    cursor.execute("SELECT setval(pg_get_serial_sequence('billing_charge', 'id'), %s)", [BILLED_MONTHS * size])


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
