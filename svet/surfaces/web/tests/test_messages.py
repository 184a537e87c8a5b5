"""Every code that the project raises or finds has a Russian text; every word of an enumeration has its Russian."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import svet
from svet.domains.access.rules import LookPurpose, Role
from svet.domains.cases.rules import applicants, clocks, grounds, matters, register
from svet.domains.metering.rules import Channel, ReadingKind, Verdict, VolumeBasis
from svet.domains.metering.rules.volumes.rules import FINDINGS as VOLUME_FINDINGS
from svet.domains.metering.rules.volumes.rules import RULES as VOLUME_RULES
from svet.domains.tariffs.rules import Structure
from svet.domains.tariffs.rules.price_rules import FINDINGS as PRICE_FINDINGS
from svet.kernel.energy import ConsumerCategory, TimeBand, Zoning
from svet.kernel.errors import DomainError
from svet.kernel.findings import Finding, Level
from svet.surfaces.web import billing_words, messages, words

RAISED = re.compile(
    r"(?:Conflict|DomainError|NotFound|NotAllowed|ActRefused|FileRefused|EntitlementRefused|UnmeteredRefused)"
    r'\(\s*"([a-z_]+)"|^ {4}code = "([a-z_]+)"',
    re.MULTILINE,
)


APPEALS = [
    applicants.Needed,
    clocks.ClockKind,
    clocks.ClockState,
    clocks.CountedFrom,
    clocks.Roll,
    clocks.TermUnit,
    grounds.Decision,
    grounds.Ground,
    grounds.Review,
    matters.Field,
    matters.How,
    matters.Part,
    register.ApplicantKind,
    register.CaseChannel,
    register.CaseKind,
    register.CaseState,
    register.Direction,
    register.EventKind,
    register.Resolution,
]


def codes_in_source() -> set[str]:
    found: set[str] = set()
    for path in Path(svet.__file__).parent.rglob("*.py"):
        if "tests" not in path.parts:
            found |= {one or other for one, other in RAISED.findall(path.read_text())}
    return found


def test_every_error_has_a_text():
    assert sorted(codes_in_source() - set(messages.ERRORS) - set(messages.FINDINGS)) == []


def test_every_finding_of_the_calculation_has_a_text():
    assert sorted({*VOLUME_FINDINGS, *PRICE_FINDINGS} - set(messages.FINDINGS)) == []
    assert sorted(set(VOLUME_RULES) - set(billing_words.RULES)) == []


@pytest.mark.parametrize(
    "kind",
    [
        *APPEALS,
        Channel,
        ConsumerCategory,
        LookPurpose,
        ReadingKind,
        Role,
        Structure,
        TimeBand,
        Verdict,
        VolumeBasis,
        Zoning,
    ],
)
def test_every_word_of_the_trade_has_its_russian(kind):
    assert [value for value in kind if words.of(value) == value.value] == []


def test_facts_are_written_as_people_write_them():
    finding = Finding("F01", Level.HOLD, {"base_wh": 1_234_500, "end_wh": 900_000, "end_on": "2026-10-22"})

    assert messages.of_finding(finding).startswith(
        "Показание стало меньше: было 1\u00a0234,5\u00a0кВт·ч, стало 900\u00a0кВт·ч от 22.10.2026"
    )


def test_an_unknown_code_and_a_missing_fact_never_break_a_page():
    assert messages.of_error(DomainError("never_heard_of")) == messages.UNKNOWN
    assert "—" in messages.of_error(DomainError("month_is_closed"))
