"""How fast a month is billed: rating with posting, then issuing, for households that were billed the month before.

The floor of each is a bare COPY of the very rows it wrote, moved one month on, into the same indexed and
constrained tables in the same database, one stream and one transaction as large as a shard's rows together.
"""

from __future__ import annotations

import io
import resource
import time
from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction

from svet.domains.billing import actions, jobs, queries
from svet.domains.billing.queries import RunProgress
from svet.domains.billing.rules import RunState
from svet.domains.tariffs import actions as tariffs
from svet.kernel.period import Month
from svet.surfaces.console.bench import Figure

BEFORE, MONTH = Month("2026-09"), Month("2026-10")
SHARD_SIZE = 5000
AHEAD = 1_000_000_000
"""Added to the ids of the copied rows, so that the floor meets the same constraints and no equal keys."""

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
    " SELECT 'bills-' || n, '', CASE WHEN n % 100 < 76 THEN '1' WHEN n % 100 < 93 THEN '2' ELSE '3' END, 6, 0, 1,"
    " '2032-01-01' FROM generate_series(1, {size}) n WHERE n % 33 <> 0 AND {part}",
    "INSERT INTO metering_register (meter_id, position, band)"
    " SELECT m.id, b.position, b.band FROM metering_meter m JOIN (VALUES ('1', 1, 'all'), ('2', 1, 'day'),"
    " ('2', 2, 'night'), ('3', 1, 'peak'), ('3', 2, 'half_peak'), ('3', 3, 'night')) b (zoning, position, band)"
    " USING (zoning) CROSS JOIN {n_of_serial} WHERE m.serial LIKE 'bills-%' AND {part} ORDER BY m.id, b.position",
    "INSERT INTO metering_installation (meter_id, supply_point_id, valid, act_number)"
    " SELECT m.id, s.id, daterange('2020-01-01', NULL), '' FROM metering_meter m"
    " JOIN supply_point s ON s.code = m.serial CROSS JOIN {n_of_serial} WHERE m.serial LIKE 'bills-%' AND {part}",
    "INSERT INTO metering_reading (account_id, register_id, value, taken_on, kind, channel, received_at, verdict,"
    " findings) SELECT a.id, r.id, 1000 + (80 + a.id % 90) * (k + {months} - 8),"
    " (date '2026-03-23' + k * interval '1 month')::date, 'regular', 'import',"
    " date '2026-03-23' + k * interval '1 month', 'accepted', '[]'"
    " FROM generate_series(8 - {months}, 7) k, accounts_account a CROSS JOIN {n_of_number}"
    " JOIN metering_meter m ON m.serial = 'bills-' || n"
    " JOIN metering_register r ON r.meter_id = m.id"
    " WHERE a.number LIKE '78%' AND NOT (k = 7 AND a.id % 11 = 0) AND {part}"
    " ORDER BY k, a.id",
    "ANALYZE",
)

_RATED = {
    "billing_charge": (
        "SELECT id + {ahead} AS id, account_id, supply_point_id, '{next}'::date AS month, version, run_id, kwh, amount,"
        " vat_percent, vat, basis, estimated_months, facts, calculated_at FROM billing_charge WHERE run_id = {run}"
    ),
    "billing_line": (
        "SELECT l.account_id, charge_id + {ahead} AS charge_id, l.number, l.zoning, l.band, l.step, l.from_on, "
        " l.until_on, l.kwh, l.rate, l.amount, l.basis, l.rule, l.tariff_version_id"
        " FROM billing_line l JOIN billing_charge c ON c.id = l.charge_id WHERE c.run_id = {run}"
    ),
    "billing_volume": (
        "SELECT v.account_id, charge_id + {ahead} AS charge_id, v.number, v.register_id, v.band, v.from_on, v.until_on,"
        " v.start_reading_id, v.end_reading_id, v.start_value, v.end_value, v.multiplier, v.kwh, v.basis, v.rule,"
        " v.facts FROM billing_volume v JOIN billing_charge c ON c.id = v.charge_id WHERE c.run_id = {run}"
    ),
    "ledger_entry": (
        "SELECT account_id, service, kind, amount, '{next}'::date AS month, concerns, posted_on, source_kind,"
        " source_id + {ahead} AS source_id, line, recorded_at FROM ledger_entry"
        " WHERE source_kind = 'charge' AND month = '{month}'"
    ),
    "metering_billed": (
        "SELECT account_id, '{next}'::date AS month, billed_at FROM metering_billed WHERE month = '{month}'"
    ),
}
_ISSUED = {
    "billing_bill": (
        "SELECT account_id, '{next}'::date AS month, run_id, number, issued_on, due_on, opening, charged, corrected,"
        " penalties, paid, closing, snapshot FROM billing_bill WHERE run_id = {run}"
    ),
    "infra_fact": (
        "SELECT at, name, account_id, payload, request_id FROM infra_fact"
        " WHERE name = 'billing.bill_issued' AND payload ->> 'run_id' = '{run}'"
    ),
}


def run(size: int, *, at: datetime) -> dict[str, Figure]:
    """Bill a month for `size` accounts with one worker, and the month before with two."""
    build_town(size, at=at)
    bill(BEFORE, at=at, workers=2)
    vacuum()
    run_id, rating, issuing = bill(MONTH, at=at, workers=1)
    progress = queries.run_progress(run_id)
    if progress.bills_issued != progress.billed or progress.billed == 0:
        raise RuntimeError(f"the month was not billed whole: {progress}")
    rated_floor = _floor(_RATED, run_id)
    issued_floor = _floor(_ISSUED, run_id)
    bills = progress.billed
    return {
        "rated and posted": Figure.against(bills / rating, floor=bills / rated_floor, unit="bills/s"),
        "issued": Figure.against(bills / issuing, floor=bills / issued_floor, unit="bills/s"),
        "rated, posted and issued": Figure.against(
            bills / (rating + issuing), floor=bills / (rated_floor + issued_floor), unit="bills/s"
        ),
        "memory of the worker": Figure(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, unit="MiB at most"),
    }


def build_town(size: int, *, at: datetime, months: int = 8, part: str = "true") -> None:
    """Make `size` households with prices and `months` of readings until October, their numbers begin with 78.

    `part` is a condition on their place `n`, for a town that is built in parts.
    """
    tariffs.load_reference(at=at)
    places = {
        "n_of_code": "LATERAL (SELECT substr(code, 7)::int AS n) place",
        "n_of_number": "LATERAL (SELECT substr(a.number, 3)::int AS n) place",
        "n_of_serial": "LATERAL (SELECT substr(m.serial, 7)::int AS n) place",
    }
    with transaction.atomic(), connection.cursor() as cursor:
        # Rows that are right by construction need no checks of theirs: there are tens of millions.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in _TOWN:
            cursor.execute(statement.format(size=size, months=months, part=part, **places))


def bill(month: Month, *, at: datetime, workers: int) -> tuple[int, float, float]:
    """Rate and issue a month; return the run and the seconds of both."""
    run_id = actions.start_run(month=month, started_by=None, at=at, shard_size=SHARD_SIZE)
    rating = _timed(lambda: jobs.work_off(run_id, at=at, workers=workers), until=RunState.RATED)
    actions.issue_bills(run_id, at=at)
    issuing = _timed(lambda: jobs.work_off(run_id, at=at, workers=workers), until=RunState.ISSUING)
    return run_id, rating, issuing


def _timed(work: Callable[[], RunProgress], *, until: RunState) -> float:
    started = time.perf_counter()
    progress = work()
    if progress.state != until:
        raise RuntimeError(f"the run stopped: {progress.errors[:1] or progress.totals}")
    return time.perf_counter() - started


def _floor(tables: dict[str, str], run_id: int) -> float:
    """Return the seconds that a bare COPY of the run's rows takes, constraints checked; the rows are given up."""
    words = {"ahead": AHEAD, "run": run_id, "month": MONTH.first_on, "next": MONTH.next.first_on}
    bodies = {table: copied_out(query.format(**words)) for table, query in tables.items()}
    with transaction.atomic():
        started = time.perf_counter()
        with connection.cursor() as cursor:
            for table, (columns, body) in bodies.items():
                with cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    copy.write(body)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        spent = time.perf_counter() - started
        transaction.set_rollback(True)
    return spent


def copied_out(query: str) -> tuple[str, bytes]:
    """Return the columns of a query and its rows as COPY tells them."""
    buffer = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({query}) AS rows LIMIT 0")  # noqa: S608
        columns = ", ".join(column.name for column in cursor.description)
        with cursor.cursor.copy(f"COPY ({query}) TO STDOUT") as copy:
            for chunk in copy:
                buffer.write(chunk)
    return columns, buffer.getvalue()


def vacuum() -> None:
    """Give the planner its figures."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
