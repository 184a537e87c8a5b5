"""Documents that could drift: the Standard's clauses, the links, the glossary."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLAUSE_ROW = re.compile(r"^\| ([A-Z]\d+) \| (.*?) \| (.*?) \| (.*?) \|$", re.MULTILINE)
CLAUSES = {"G": 3, "P": 1, "O": 7, "R": 2, "W": 3, "T": 3, "E": 1, "M": 5, "B": 6, "A": 7, "Q": 5, "X": 2}


def rows():
    return CLAUSE_ROW.findall((ROOT / "docs/standard.md").read_text())


def test_every_clause_of_the_standard_has_a_row():
    expected = {f"{letter}{n}" for letter, count in CLAUSES.items() for n in range(1, count + 1)}

    assert {row[0] for row in rows()} == expected


@pytest.mark.parametrize("clause", [row for row in rows() if "later" not in row[1]], ids=lambda row: row[0])
def test_a_clause_that_is_true_names_its_code_and_its_tests(clause):
    _, _, feature, tests = clause
    named = re.findall(r"`([^`]+)`", f"{feature} {tests}")

    assert named
    assert "test" in tests
    assert [place for place in named if "/" in place and not (ROOT / place).exists()] == []


def test_links_between_documents_lead_somewhere():
    broken = []
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "svet").rglob("README.md")]:
        for target in re.findall(r"\]\((?!http)([^)#]+)[^)]*\)", page.read_text()):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} -> {target}")

    assert broken == []
