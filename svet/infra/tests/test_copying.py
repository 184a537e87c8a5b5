"""Tables travel to PostgreSQL and back unchanged, whatever their texts hold."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svet.infra.copying import copy_in, copy_out, kwh, reserve_ids, roubles
from svet.infra.fields import to_period, to_range
from svet.kernel.period import Period

pytestmark = pytest.mark.django_db
SCHEMA = {"id": pl.Int64, "text": pl.String, "on": pl.Date, "flag": pl.Boolean}
AWKWARD = [
    None, "", " ", '"', "a,b", "строка\nстрока", "\r\n", "\\", "\\N", "\\.", "NULL", "«ёлки»", "😀", "a\tb",
    '""', "'; --", "%s", "{}",
]  # fmt: skip
texts = st.one_of(st.sampled_from(AWKWARD), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))


@pytest.fixture
def shelf():
    with connection.cursor() as cursor:
        cursor.execute('CREATE TEMP TABLE shelf (id bigint, text text, "on" date, flag boolean) ON COMMIT DROP')
    return "shelf"


def read_back():
    return copy_out('SELECT id, text, "on", flag FROM shelf ORDER BY id', schema=SCHEMA)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(texts, st.one_of(st.none(), st.dates()), st.one_of(st.none(), st.booleans())), max_size=12))
def test_rows_come_back_as_they_went(shelf, rows):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE shelf")
    frame = pl.DataFrame([(n, *row) for n, row in enumerate(rows)], schema=SCHEMA, orient="row")

    assert copy_in(shelf, frame) == frame.height
    assert read_back().equals(frame)


@pytest.mark.parametrize("text", AWKWARD)
def test_an_awkward_text_comes_back_as_it_went(shelf, text):
    copy_in(shelf, pl.DataFrame([(1, text, None, None)], schema=SCHEMA, orient="row"))

    assert read_back()["text"].to_list() == [text]


def test_a_missing_text_and_an_empty_one_stay_different(shelf):
    frame = pl.DataFrame([(1, None, None, None), (2, "", None, None)], schema=SCHEMA, orient="row")

    copy_in(shelf, frame)

    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM shelf WHERE text IS NULL")
        assert cursor.fetchall() == [(1,)]


def test_parameters_are_bound_and_not_pasted():
    by_place = copy_out("SELECT %s::text AS text, %s::date AS on", ["'; DROP {x} --", date(2026, 1, 1)],
                        schema={"text": pl.String, "on": pl.Date})  # fmt: skip
    by_name = copy_out("SELECT %(t)s::text AS text", {"t": '"%s"'}, schema={"text": pl.String})

    assert by_place.row(0) == ("'; DROP {x} --", date(2026, 1, 1))
    assert by_name.item() == '"%s"'


def test_numbers_keep_their_digits(shelf):
    frame = copy_out("SELECT 9223372036854775807 AS big, 12.340::numeric AS exact",
                     schema={"big": pl.Int64, "exact": pl.Decimal(20, 3)})  # fmt: skip

    assert frame.row(0) == (9223372036854775807, Decimal("12.340"))


def test_whole_kopecks_and_watt_hours_become_exact_decimals():
    frame = pl.DataFrame({"kop": [117349, -1, 0], "wh": [1, 12340, -5]})

    exact = frame.select(roubles("kop", "amount"), kwh("wh", "volume"))

    assert exact["amount"].to_list() == [Decimal("1173.49"), Decimal("-0.01"), Decimal("0.00")]
    assert exact["volume"].to_list() == [Decimal("0.001"), Decimal("12.340"), Decimal("-0.005")]


def test_reserved_ids_are_nobody_elses():
    first, second = reserve_ids("infra_inbox", 3), reserve_ids("infra_inbox", 2)

    assert len(set(first) | set(second)) == 5
    assert reserve_ids("infra_inbox", 0).to_list() == []


def test_nothing_to_copy_copies_nothing(shelf):
    assert copy_in(shelf, pl.DataFrame(schema=SCHEMA)) == 0
    assert read_back().equals(pl.DataFrame(schema=SCHEMA))


@pytest.mark.parametrize("period", [Period(date(2026, 1, 1)), Period(date(2026, 1, 1), date(2026, 2, 1))])
def test_a_period_comes_back_from_its_range(period):
    assert to_period(to_range(period)) == period
