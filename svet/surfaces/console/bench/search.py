"""How fast the desk finds somebody among all accounts while his name is being typed.

The floor is the same connection asking for one account by its number: no search can be quicker.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.db import connection

from svet.domains.accounts import actions, queries
from svet.surfaces.console.bench import Figure
from svet.surfaces.console.demo.names import FAMILIES, FATHERS, MEN

MARK = "bench-search"
ROUNDS = 5
STREETS = 400

TYPED = (
    "Смирнов Александр Петрович",
    "Иванов Сергей Садовая 12",
    "Васильев Иван",
    "ул. Улица7 д. 31 кв. 12",
    "Александр",
    "Кузнецов Александр Александрович",
)
NUMBERS = ("8 910 000 12 34", "77000123", "7700012345", "000-12-34")
SLIPS = ("Васильив Сирегй", "dfcbkmtd bdfy", "Александр Васельев")

_TOWN = (
    "INSERT INTO customers_customer (kind, code, family_name, given_name, patronymic, organisation_name, inn, kpp,"
    " ogrn) SELECT 'person', '{m}-' || n, f.a[1 + n * 7919 %% cardinality(f.a)],"
    " m.a[1 + n * 104729 %% cardinality(m.a)], p.a[1 + n * 15485863"
    " %% cardinality(p.a)] || 'ич', '', '', '', '' FROM generate_series(1, {size}::bigint) n,"
    " (SELECT %(families)s::text[] a) f, (SELECT %(men)s::text[] a) m, (SELECT %(fathers)s::text[] a) p",
    "INSERT INTO customers_contact (customer_id, kind, value, valid) SELECT id, 'phone', '+7910' ||"
    " lpad(substr(code, {cut}), 7, '0'), daterange('2020-01-01', NULL) FROM customers_customer"
    " WHERE code LIKE '{m}-%%'",
    "INSERT INTO supply_premises (code, kind, postal_code, region, district, settlement, street, house, flat,"
    " electric_stove, electric_heating) SELECT '{m}-' || n, 'flat', '600000', '', '', 'г. Замеров', 'ул. Улица' ||"
    " n %% {streets}, (n / {streets} %% 60)::text, (n / {streets} / 60)::text, false, false"
    " FROM generate_series(1, {size}::bigint) n",
    "INSERT INTO supply_point (code, premises_id, max_power_kw) SELECT code, id, 15 FROM supply_premises"
    " WHERE code LIKE '{m}-%%'",
    "INSERT INTO accounts_account (number, customer_id, opened_on, bill_delivery)"
    " SELECT '77' || lpad(substr(code, {cut}), 8, '0'), id, '2020-01-01', 'paper' FROM customers_customer"
    " WHERE code LIKE '{m}-%%'",
    "INSERT INTO accounts_agreement (account_id, supply_point_id, number, valid)"
    " SELECT a.id, s.id, '', daterange('2020-01-01', NULL) FROM customers_customer c"
    " JOIN accounts_account a ON a.customer_id = c.id JOIN supply_point s ON s.code = c.code",
)


def run(size: int, *, at: datetime) -> dict[str, Figure]:
    """Measure searches among `size` accounts: each word letter by letter, numbers, words with slips."""
    _build(size)
    started = time.perf_counter()
    actions.index_all(on=at.date())
    indexed = size / (time.perf_counter() - started)
    _execute("VACUUM ANALYZE")
    floor = _p95(queries.account_by_number, ["7700000001"] * 100)
    figures = {"accounts indexed": Figure(value=indexed, unit="accounts/s")}
    for name, texts in (
        ("while typing, p95", list(_letters(TYPED))),
        ("numbers and phones, p95", NUMBERS),
        ("with slips, p95", SLIPS),
    ):
        value = _p95(lambda text: queries.search(text, limit=20), list(texts) * ROUNDS)
        figures[name] = Figure(value=value, unit="ms", floor=floor, ratio=value / floor)
    return figures


def _letters(texts: Iterable[str]) -> Iterable[str]:
    return (text[:end] for text in texts for end in range(2, len(text) + 1))


def _p95(ask: Callable[[str], object], texts: Sequence[str]) -> float:
    took = []
    for text in texts:
        started = time.perf_counter()
        ask(text)
        took.append((time.perf_counter() - started) * 1000)
    return statistics.quantiles(took, n=20)[-1]


def _build(size: int) -> None:
    names = {"families": FAMILIES, "men": MEN, "fathers": FATHERS}
    for statement in _TOWN:
        _execute(statement.format(m=MARK, size=size, cut=len(MARK) + 2, streets=STREETS), names)


def _execute(statement: str, terms: dict[str, list[str]] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, terms)
