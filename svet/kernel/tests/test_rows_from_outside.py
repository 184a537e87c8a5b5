"""Tables from outside: findings by line, and what they change in what is known."""

import json
from datetime import date

import polars as pl

from svet.kernel import reconciling, row_findings
from svet.kernel.findings import Level

PERIODS = {"line": pl.Int64, "meter": pl.String, "from_on": pl.Date, "until_on": pl.Date}


def periods(*rows):
    return pl.DataFrame(list(rows), schema=PERIODS, orient="row")


def known(*rows):
    return pl.DataFrame(list(rows), schema={"id": pl.Int64, **dict(list(PERIODS.items())[1:])}, orient="row")


def overlaps(given, existing):
    findings = reconciling.overlapping(given, existing, by=["meter"], column="installed_on")
    return [(row["line"], json.loads(row["facts"])) for row in findings.to_dicts()]


def test_a_finding_names_the_line_the_column_and_the_value():
    rows = pl.DataFrame({"line": [2, 3], "age": [None, -1]})

    findings = row_findings.found(rows, pl.col("age") < 0, code="negative", column="age", facts={"at_least": pl.lit(0)})

    assert findings.row(0) == (3, "age", "negative", "refuse", "-1", '{"at_least":0}')
    assert findings.height == 1


def test_a_finding_about_a_column_that_is_absent_has_no_value():
    rows = pl.DataFrame({"line": [2]})

    assert row_findings.found(rows, pl.lit(True), code="absent", column="age")["value"].to_list() == [None]


def test_a_noted_row_stays_sound_and_a_refused_one_does_not():
    rows = pl.DataFrame({"line": [2, 3], "age": [1, 2]})
    note = row_findings.found(rows, pl.col("age") == 1, code="young", column="age", level=Level.NOTE)
    refusal = row_findings.found(rows, pl.col("age") == 2, code="odd", column="age")

    findings = row_findings.together([refusal, note])

    assert findings["line"].to_list() == [2, 3]
    assert row_findings.sound(rows, findings)["line"].to_list() == [2]


def test_a_repeated_key_is_found_on_every_later_line():
    rows = pl.DataFrame({"line": [2, 3, 4], "code": ["a", "a", "b"]})

    findings = row_findings.repeated(rows, key=["code"], column="code")

    assert findings["line"].to_list() == [3]
    assert json.loads(findings["facts"][0]) == {"first_line": 2}


def test_rows_that_contradict_the_first_of_their_kind_are_found():
    rows = pl.DataFrame({"line": [2, 3, 4], "code": ["a", "a", "a"], "name": ["x", "x", None]})

    (findings,) = row_findings.contradicting(rows, key=["code"], values=["name"])

    assert findings["line"].to_list() == [4]
    assert json.loads(findings["facts"][0]) == {"first_line": 2, "first_value": "x"}


def test_nothing_to_compare_means_unchanged():
    given = pl.DataFrame({"line": [2], "code": ["a"]})
    existing = pl.DataFrame({"id": [7], "code": ["a"]})

    changes = reconciling.compare(given, existing, key=["code"], values=[])

    assert (changes.new.height, changes.changed.height, changes.unchanged) == (0, 0, 1)


def test_a_value_that_becomes_empty_is_a_change():
    given = pl.DataFrame({"line": [2], "code": ["a"], "name": [None]}, schema_overrides={"name": pl.String})
    existing = pl.DataFrame({"id": [7], "code": ["a"], "name": ["x"]})

    assert reconciling.compare(given, existing, key=["code"], values=["name"]).changed["id"].to_list() == [7]


def test_a_column_that_is_there_is_not_completed():
    given = pl.DataFrame({"line": [2], "code": ["a"], "age": [1]})
    existing = pl.DataFrame({"id": [7], "code": ["a"], "age": [30]})

    assert reconciling.completed(given, existing, key=["code"], defaults={"age": 0}).equals(given)


def test_periods_that_meet_in_the_file_are_found_with_the_other_line():
    given = periods((2, "m", date(2026, 1, 1), None), (3, "m", date(2026, 2, 1), None))

    found = overlaps(given, known())

    assert [line for line, _ in found] == [2, 3]
    assert found[1][1] == {"other_line": 2, "other_from": "2026-01-01", "other_until": None}


def test_periods_that_touch_do_not_meet():
    given = periods((2, "m", date(2026, 1, 1), date(2026, 2, 1)), (3, "m", date(2026, 2, 1), None))

    assert overlaps(given, known()) == []


def test_a_row_may_change_the_known_one_that_begins_the_same_day():
    given = periods((2, "m", date(2026, 1, 1), date(2026, 3, 1)))

    assert overlaps(given, known((7, "m", date(2026, 1, 1), None))) == []


def test_a_row_that_runs_into_a_known_one_is_found():
    given = periods((2, "m", date(2026, 1, 1), None))

    assert [line for line, _ in overlaps(given, known((7, "m", date(2026, 5, 1), None)))] == [2]
