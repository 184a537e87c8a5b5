"""Reads the text of the Standard: where the two annexes lie, and what they say.

Takes any text without failing. Whatever is not understood is a finding with its line number; with a finding of
level "refuse" the facts must not be loaded. The text comes out of a word processor: cells of tables begin with a
tab, spaces and dashes are of many kinds, bookmarks and footnotes stand between words.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from svet.domains.offices.rules.annex_contacts import read_contacts
from svet.domains.offices.rules.annex_offices import ADDRESS, read_offices, strays
from svet.domains.offices.rules.facts import StandardFacts
from svet.domains.offices.rules.text_lines import clean_lines, label_of
from svet.kernel.findings import Finding, Level
from svet.kernel.rulebook import Rule

NOT_TEXT = re.compile(r"[\x00-\x06\x08\x0e-\x1f]")
"""Letters of no text: a picture, an archive or UTF-16. Word processors do leave 07, 0B and 0C behind."""

POSTAL_LABEL = "адрес для почтовых отправлений"
X1, X2 = "the Standard, Annex 1", "the Standard, Annex 2"

STANDARD_RULES: tuple[Rule, ...] = (
    Rule("S01", "The text has an office with its postal code.", X1, "An empty file: refused"),
    Rule("S02", "The text has the company's postal address.", X2, "Annex 2 is cut off: refused"),
    Rule("S03", "A line of Annex 1 is an address, a column's title or hours.", X1, "«по записи»: refused"),
    Rule(
        "S04", "Each column of an office has its hours, and no hours stand alone.", X1, "Two titles, one cell: refused"
    ),
    Rule("S05", "Hours name weekdays once and open before they close.", X1, "17:00 - 08:00: refused"),
    Rule("S06", "A break lies within the hours that it follows.", X1, "A break after a day off: refused"),
    Rule("S07", "A weekday that is not named is a day off, and noted.", X1, "Only «пн.-пт.»"),
    Rule("S08", "An address is listed once.", X1, "The same street and house twice: refused"),
    Rule("S09", "A phone line has an audience, numbers of 11 digits and hours.", X2, "No hours: refused"),
    Rule("S10", "An e-mail or a page has the form of one.", X2, "«нет»: refused"),
    Rule("S11", "E-mail, site and phones of both audiences are there.", X2, "No e-mail: refused"),
    Rule("S12", "A line of Annex 2 with an unknown name is noted and left out.", X2, "«Факс: …»"),
    Rule("S13", "A column's title is known and stands once per office.", X1, "Two columns for individuals: refused"),
    Rule("S14", "A value fits its place.", "own rule", "A street of 300 letters: refused"),
    Rule("S15", "The file is text in UTF-8 or windows-1251.", "own rule", "A picture: refused"),
)


@dataclass(frozen=True, slots=True)
class StandardReading:
    """What was read, and what was wrong with it."""

    facts: StandardFacts
    findings: tuple[Finding, ...]

    @property
    def refused(self) -> bool:
        """Whether something is wrong enough not to load the facts."""
        return any(finding.level is Level.REFUSE for finding in self.findings)


def decode(raw: bytes) -> str | None:
    """Return the text of a file in UTF-8 (with or without a mark) or windows-1251; None when it is neither.

    >>> decode("г. Речной".encode("cp1251"))
    'г. Речной'
    """
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if NOT_TEXT.search(text) else text
    return None


def read_standard(text: str) -> StandardReading:
    """Return the offices of Annex 1 and the contacts of Annex 2."""
    lines = clean_lines(text)
    offices_at = next((i for i, line in enumerate(lines) if ADDRESS.fullmatch(line.text)), len(lines))
    contacts_at = next((i for i, line in enumerate(lines) if label_of(line.text) == POSTAL_LABEL), len(lines))
    findings: list[Finding] = []
    if offices_at >= contacts_at:
        findings.append(Finding("S01", Level.REFUSE))
    if contacts_at == len(lines):
        findings.append(Finding("S02", Level.REFUSE))
    contacts, phones, wrong = read_contacts(lines[contacts_at:])
    findings += wrong + strays(lines[: min(offices_at, contacts_at)])
    offices, wrong = read_offices(lines[offices_at:contacts_at])
    facts = StandardFacts(tuple(offices), contacts, tuple(phones))
    return StandardReading(facts, (*findings, *wrong, *_repeated(facts)))


def _repeated(facts: StandardFacts) -> list[Finding]:
    counts = Counter(office.code for office in facts.offices)
    return [Finding("S08", Level.REFUSE, {"code": code}) for code, count in counts.items() if count > 1]
