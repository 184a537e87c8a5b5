"""Tables that came from outside beside what is known: held against a plain comparison of every pair."""

import json
from datetime import date, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from svet.kernel.reconciling import compare, completed, overlapping
from svet.kernel.row_findings import NO_FINDINGS, contradicting, found, repeated, sound, together

FIRST = date(2026, 1, 1)
GIVEN = {"line": pl.Int64, "key": pl.Int64, "from_on": pl.Date, "until_on": pl.Date}
KNOWN = {"id": pl.Int64, "key": pl.Int64, "from_on": pl.Date, "until_on": pl.Date}


@st.composite
def periods(draw, least=0):
    """Rows of key, first day and end, each key and first day once."""
    rows = draw(
        st.lists(
            st.tuples(st.integers(1, 2), st.integers(0, 12), st.integers(1, 6) | st.none()), min_size=least, max_size=8
        )
    )
    unique = {(key, start): length for key, start, length in rows}
    return [
        (key, FIRST + timedelta(days=start), None if length is None else FIRST + timedelta(days=start + length))
        for (key, start), length in unique.items()
    ]


def apart(rows):
    """Leave out rows until no two of a key overlap, as the database holds them."""
    kept = []
    for key, start, end in sorted(rows, key=lambda row: row[:2]):
        if all(other[0] != key or (other[2] is not None and other[2] <= start) for other in kept):
            kept.append((key, start, end))
    return kept


def meet(one, other):
    return one[0] == other[0] and (one[2] is None or other[1] < one[2]) and (other[2] is None or one[1] < other[2])


@given(periods(), periods())
def test_what_is_left_fits_together_and_with_what_is_known(new, old):
    old = apart(old)
    rows = pl.DataFrame([(n, *row) for n, row in enumerate(new, 2)], schema=GIVEN, orient="row")
    known = pl.DataFrame([(n, *row) for n, row in enumerate(old, 1)], schema=KNOWN, orient="row")

    findings = overlapping(rows, known, by=["key"], column="from_on")

    left = sound(rows, findings).drop("line").rows()
    stays = [row for row in old if row[:2] not in {one[:2] for one in left}]
    table = left + stays
    assert not any(meet(one, other) for place, one in enumerate(table) for other in table[:place])


@given(periods(), periods())
def test_rows_that_meet_nobody_are_left_alone(new, old):
    old = apart(old)
    rows = pl.DataFrame([(n, *row) for n, row in enumerate(new, 2)], schema=GIVEN, orient="row")
    known = pl.DataFrame([(n, *row) for n, row in enumerate(old, 1)], schema=KNOWN, orient="row")

    refused = set(overlapping(rows, known, by=["key"], column="from_on")["line"])

    for line, row in enumerate(new, 2):
        others = [other for other in new if other != row] + [other for other in old if other[:2] != row[:2]]
        changed = [other for other in old if other[:2] in {one[:2] for one in new}]
        if not any(meet(row, other) for other in others + changed if other[:2] != row[:2]):
            assert line not in refused


def test_the_finding_names_the_other_row():
    rows = pl.DataFrame([(2, 1, FIRST, None)], schema=GIVEN, orient="row")
    known = pl.DataFrame([(1, 1, date(2025, 1, 1), date(2026, 2, 1))], schema=KNOWN, orient="row")

    findings = overlapping(rows, known, by=["key"], column="since")

    assert findings["column"].to_list() == ["since"]
    assert json.loads(findings["facts"][0]) == {
        "other_line": 0, "other_from": "2025-01-01", "other_until": "2026-02-01",
    }  # fmt: skip


def test_rows_without_values_to_compare_are_unchanged():
    given_rows, known = pl.DataFrame({"line": [2], "key": [1]}), pl.DataFrame({"id": [9], "key": [1]})

    changes = compare(given_rows, known, key=["key"], values=[])

    assert (changes.new.height, changes.changed.height, changes.unchanged) == (0, 0, 1)


def test_a_complete_table_stays_as_it_is():
    rows = pl.DataFrame({"line": [2], "key": [1], "age": [3]})

    assert completed(rows, rows, key=["key"], defaults={"age": 0}) is rows


def test_nothing_known_and_null_differ():
    rows = pl.DataFrame({"line": [2, 3], "key": [1, 2]})
    known = pl.DataFrame(
        {"id": [9], "key": [1], "age": [None]}, schema={"id": pl.Int64, "key": pl.Int64, "age": pl.Int64}
    )

    assert completed(rows, known, key=["key"], defaults={"age": 5})["age"].to_list() == [None, 5]


def test_repeated_and_contradicting_rows_are_found():
    rows = pl.DataFrame({"line": [2, 3, 4], "key": [1, 1, 2], "age": [1, 2, 3]})

    assert repeated(rows, key=["key"], column="key")["line"].to_list() == [3]
    assert together(contradicting(rows, key=["key"], values=["age"]))["value"].to_list() == ["2"]
    assert sound(rows, found(rows, pl.col("age") > 2, code="old", column="key"))["line"].to_list() == [2, 3]
    assert sound(rows, NO_FINDINGS).equals(rows)
