"""How fast readings come in: a file of one reading for each account with all checks, and one by one.

The floor of the file is a bare COPY of the very rows it writes (receipts, readings, facts) into the same tables.
"""

from __future__ import annotations

import io
import time
from datetime import date, datetime, timedelta
from random import Random

import polars as pl
from django.db import connection, transaction

from svet.domains.metering import actions
from svet.domains.metering.rules import Channel
from svet.flows.readings_file import take_readings
from svet.kernel.period import Month
from svet.surfaces.console.bench import Figure

MONTHS = 12
SINGLES = 300
TABLES = ("metering_receipt", "metering_reading", "infra_fact")
MARK = "bench-readings"

_TOWN = (
    "INSERT INTO customers_customer (kind, code, family_name, given_name, patronymic, organisation_name, inn, kpp,"
    " ogrn) VALUES ('person', '{m}', 'Замер', '', '', '', '', '', '')",
    "INSERT INTO supply_premises (code, kind, postal_code, region, district, settlement, street, house, flat,"
    " electric_stove, electric_heating) VALUES ('{m}', 'flat', '600000', '', '', '{m}', '', '1', '', false, false)",
    "INSERT INTO supply_point (code, premises_id, max_power_kw) SELECT '{m}-' || n, p.id, 15"
    " FROM generate_series(1, {size}) n, supply_premises p WHERE p.code = '{m}'",
    "INSERT INTO accounts_account (number, customer_id, opened_on, bill_delivery)"
    " SELECT '77' || lpad(n::text, 8, '0'), c.id, '{start}', 'paper'"
    " FROM generate_series(1, {size}) n, customers_customer c WHERE c.code = '{m}'",
    "INSERT INTO accounts_agreement (account_id, supply_point_id, number, valid)"
    " SELECT a.id, s.id, '', daterange('{start}', NULL) FROM generate_series(1, {size}) n"
    " JOIN accounts_account a ON a.number = '77' || lpad(n::text, 8, '0') JOIN supply_point s ON s.code = '{m}-' || n",
    "INSERT INTO metering_meter (serial, model, zoning, digits, fraction_digits, multiplier)"
    " SELECT '{m}-' || n, '', '1', 6, 0, 1 FROM generate_series(1, {size}) n",
    "INSERT INTO metering_register (meter_id, position, band)"
    " SELECT id, 1, 'all' FROM metering_meter WHERE serial LIKE '{m}-%'",
    "INSERT INTO metering_installation (meter_id, supply_point_id, valid, act_number)"
    " SELECT m.id, s.id, daterange('{start}', NULL), '' FROM metering_meter m JOIN supply_point s ON s.code = m.serial"
    " WHERE m.serial LIKE '{m}-%'",
    "INSERT INTO metering_reading (account_id, register_id, value, taken_on, kind, channel, received_at, verdict,"
    " findings) SELECT a.account_id, r.id, 1000 + 150 * k, ('{start}'::date + k * interval '1 month' + interval '23"
    " days')::date, 'regular', 'import', '{start}'::date + k * interval '1 month', 'accepted', '[]'"
    " FROM accounts_agreement a JOIN metering_installation i ON i.supply_point_id = a.supply_point_id"
    " JOIN metering_register r ON r.meter_id = i.meter_id JOIN metering_meter m ON m.id = i.meter_id,"
    " generate_series(0, {months} - 1) k WHERE m.serial LIKE '{m}-%' ORDER BY k, a.account_id",
    "ANALYZE",
)


def run(size: int, *, at: datetime) -> dict[str, Figure]:
    """Measure the file and the single submission on `size` accounts with a year of readings each."""
    month = Month.of(at.date())
    start = month.plus(-MONTHS).first_on
    with connection.cursor() as cursor:
        for statement in _TOWN:
            cursor.execute(statement.format(m=MARK, size=size, start=start, months=MONTHS))
    frame = _file(size, day=month.first_on)
    moment = at.replace(day=1, hour=12)
    with transaction.atomic():
        started = time.perf_counter()
        outcome = take_readings(frame, at=moment)
        spent = time.perf_counter() - started
        rows = [(table, *_copied_out(table, moment)) for table in TABLES]
        transaction.set_rollback(True)
    if sum(outcome.counts.get(name, 0) for name in ("accepted", "held", "refused")) != size:
        raise RuntimeError(f"the file was not taken whole: {outcome.counts}")
    with transaction.atomic():
        started = time.perf_counter()
        for table, columns, body in rows:
            _copy_in(table, columns, body)
        bare = time.perf_counter() - started
        transaction.set_rollback(True)
    return {
        "readings imported with all checks": Figure.against(size / spent, floor=size / bare, unit="readings/s"),
        "single submissions": Figure(value=_singles(min(size, SINGLES), at=moment), unit="submissions/s"),
    }


def _file(size: int, *, day: date) -> pl.DataFrame:
    """Return a file of one reading per account; three in a hundred look wrong."""
    random = Random(size)  # noqa: S311
    values = []
    for _ in range(size):
        chance, value = random.random(), 1000 + 150 * (MONTHS - 1) + random.randint(50, 300)
        values.append(
            value * 10 if chance < 0.01 else value - 1000 if chance < 0.02 else -1 if chance < 0.03 else value
        )
    numbers = pl.Series(range(1, size + 1))
    return pl.DataFrame(
        {
            "account_number": "77" + numbers.cast(pl.String).str.zfill(8),
            "meter_serial": MARK + "-" + numbers.cast(pl.String),
            "taken_on": [day + timedelta(days=0)] * size,
            "t1": values,
            "channel": ["meter_reader"] * size,
            "source_id": MARK + "-" + numbers.cast(pl.String),
        }
    )


def _copied_out(table: str, moment: datetime) -> tuple[list[str], bytes]:
    since = "at" if table == "infra_fact" else "received_at"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} LIMIT 0")  # noqa: S608
        columns = [column.name for column in cursor.description if column.name != "id" or table == "metering_receipt"]
        buffer = io.BytesIO()
        query = f"COPY (SELECT {', '.join(columns)} FROM {table} WHERE {since} = '{moment.isoformat()}') TO STDOUT"  # noqa: S608
        with cursor.cursor.copy(query) as copy:
            for chunk in copy:
                buffer.write(chunk)
    return columns, buffer.getvalue()


def _copy_in(table: str, columns: list[str], body: bytes) -> None:
    with connection.cursor() as cursor, cursor.cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        copy.write(body)


def _singles(count: int, *, at: datetime) -> float:
    """Return submissions per second, each in a transaction of its own, the last value plus some use."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM accounts_account WHERE number LIKE '77%%' ORDER BY number LIMIT %s", [count])
        accounts = [row[0] for row in cursor.fetchall()]
    started = time.perf_counter()
    for account_id in accounts:
        actions.submit_reading(
            account_id=account_id,
            values={"1": 1000 + 150 * MONTHS},
            taken_on=at.date(),
            received_at=at,
            channel=Channel.CABINET,
            source_id=f"{MARK}-{account_id}",
        )
    return count / (time.perf_counter() - started)
