"""The rulebook says what the registries say, and every code in use is in it."""

import re
from pathlib import Path

from svet.flows.rulebook import CHAPTERS, rulebook

ROOT = Path(__file__).parents[3]
RULES = {code: rule for _, rules in CHAPTERS for code, rule in rules.items()}


def test_the_page_is_what_the_registries_make_of_it():
    assert (ROOT / "docs/rulebook.md").read_text(encoding="utf-8") == rulebook()


def test_every_code_that_the_engine_writes_is_a_rule_of_the_book():
    written = set()
    for folder in ("metering/rules/volumes", "tariffs/rules", "billing/rules", "debts/rules"):
        for path in (ROOT / "svet/domains" / folder).glob("*.py"):
            if path.name not in ("rules.py", "price_rules.py", "rule_table.py"):
                written |= set(re.findall(r'"([VPFN]\d\d)"', path.read_text(encoding="utf-8")))

    assert written
    assert written <= set(RULES)


def test_a_rule_has_one_code_a_statement_a_source_and_an_example():
    assert sum(len(rules) for _, rules in CHAPTERS) == len(RULES)
    assert all(rule.code == code and rule.statement and rule.source and rule.example for code, rule in RULES.items())
