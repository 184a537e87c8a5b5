"""Errors carry a code and facts; findings carry a level; rules make a table."""

from svet.kernel.errors import Conflict, DomainError, NotAllowed, NotFound
from svet.kernel.findings import Finding, Level, gravest
from svet.kernel.rulebook import Rule, as_table


def test_an_error_has_the_code_of_its_class_unless_it_is_given_one():
    assert [kind().code for kind in (DomainError, NotFound, NotAllowed, Conflict)] == [
        "cannot_be_done",
        "not_found",
        "not_allowed",
        "conflict",
    ]
    assert Conflict("month_is_closed", month="2026-10").code == "month_is_closed"


def test_an_error_says_its_facts():
    error = NotFound("no_such_office", code="mira")

    assert error.facts == {"code": "mira"}
    assert str(error) == "no_such_office(code='mira')"


def test_the_gravest_of_findings_decides():
    note, hold, refuse = (Finding("X", level) for level in Level)

    assert gravest([]) is None
    assert gravest([note]) is Level.NOTE
    assert gravest([hold, note]) is Level.HOLD
    assert gravest([note, refuse, hold]) is Level.REFUSE


def test_a_finding_is_kept_as_json():
    assert Finding("R07", Level.HOLD, {"line": 3}).as_json() == {"code": "R07", "level": "hold", "facts": {"line": 3}}


def test_rules_stand_in_the_order_of_their_codes():
    table = as_table([Rule("B2", "Second.", "b", "e"), Rule("A1", "First.", "a", "e")])

    assert [row.split(" | ")[0] for row in table.splitlines()[2:]] == ["| A1", "| B2"]
