"""The Standard's text is read exactly, and what is not understood is refused with its line (clauses X1, X2)."""

import re

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from svet.domains.offices.rules import Audience
from svet.domains.offices.rules.facts import as_document, from_document
from svet.domains.offices.rules.standard_text import STANDARD_RULES, decode, read_standard
from svet.domains.offices.tests.samples import SAMPLE, SHIPPED, TEXT, documents, facts_of
from svet.kernel.findings import Level

FRAGMENTS = [
    "101001, г. Речной, ул. Новая, д. 1", "\t", "\n", " ", "Для физических лиц", "Для юридических лиц", "пн.-пт.:",
    "вс.-пн.: 8:00-9:00", "перерыв: 12:00 - 13:00", "25:99", "выходной", "Телефон:", "[bookmark: x]", "[bookmark:",
    "Адрес для почтовых отправлений: 1", "для физических лиц: 8 (111) 222-33-44, график работы: пн.-вс. 8:00-20:00",
    "E-mail: a@b.c", "Web site: http://x.y", "\ud800", "\x00", "ᲀ", "٣", ":", ",",
]  # fmt: skip


def codes(text, level=Level.REFUSE):
    return {finding.code for finding in read_standard(text).findings if finding.level is level}


@pytest.mark.parametrize(("document", "facts"), documents(), ids=lambda path: path.name)
def test_the_document_says_exactly_the_shipped_facts(document, facts):
    reading = read_standard(decode(document.read_bytes()))

    assert reading.findings == ()
    assert reading.facts == facts_of(facts)


def test_the_shipped_facts_are_the_twenty_offices_and_four_phones():
    facts = facts_of(SHIPPED)

    served = [{audience for audience, _ in office.hours} for office in facts.offices]
    assert len(facts.offices) == 20
    assert served.count({Audience.INDIVIDUALS}) == 7
    assert served.count({Audience.LEGAL_ENTITIES}) == 1
    assert served.count(set(Audience)) == 12
    assert len(facts.phones) == 4
    assert all(facts.contacts.__getattribute__(name) for name in facts.contacts.__dataclass_fields__)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_make_no_difference(encoding, newline):
    plain = TEXT.replace("\u2212", "-")  # windows-1251 has no minus sign of its own

    text = decode(plain.replace("\n", newline).encode(encoding))

    assert read_standard(text).facts == read_standard(TEXT).facts


@pytest.mark.parametrize("raw", [b"\x98\x98", b"PK\x03\x04\x00\x00", "Стандарт".encode("utf-16")])
def test_what_is_no_text_is_not_read(raw):
    assert decode(raw) is None


def test_facts_survive_the_form_of_the_data_file():
    facts = read_standard(TEXT).facts

    assert from_document(yaml.safe_load(yaml.safe_dump(as_document(facts), allow_unicode=True))) == facts


def test_an_office_does_not_serve_whom_it_has_no_column_for():
    office = read_standard(TEXT).facts.offices[2]

    assert [audience for audience, _ in office.hours] == [Audience.LEGAL_ENTITIES]


@pytest.mark.parametrize(
    ("find", "put", "code"),
    [
        ("сб.:       10:00 - 15:00", "сб.: по записи", "S03"),
        ("сб.:       10:00 - 15:00", "сб.: 15:00 - 10:00", "S05"),
        ("сб.:       10:00 - 15:00", "пт.: 10:00 - 15:00", "S05"),
        ("сб.:       10:00 - 15:00", "сб.: 24:00 - 25:00", "S05"),
        ("сб.:       10:00 - 15:00", "сб.-пн.: 10:00 - 15:00", "S05"),
        ("сб.-вс.:     выходной", "сб.-вс.: выходной\nперерыв: 10:00 - 11:00", "S06"),
        ("перерыв: 12:30 – 13:15", "перерыв: 12:30 – 17:15", "S06"),
        ("перерыв: 12:30 – 13:15", "перерыв: 12:30 – 13:15\nперерыв: 15:00 – 15:15", "S06"),
        ("\tДля физических лиц\n\tДля юридических лиц", "\tДля физических лиц\n\t", "S04"),
        ("\tпн.\u2013пт.: 08:30 – 17:30\nсб.-вс.:\u00a0выходной", "\t", "S04"),
        ("\tпн.\u2013пт.: 08:30 – 17:30\nсб.-вс.:\u00a0выходной", "\tпн.-вс.: выходной", "S04"),
        ("\tДля юридических лиц\n\n\tпн.-пт.: 08", "\tДля физических лиц\n\n\tпн.-пт.: 08", "S13"),
        ("Для юридических лиц", "Для должностных лиц", "S13"),
        ("101002, г.\u00a0Речной, наб. Лодочная, д.6 корпус 1", "101001, г. Речной, ул. Пристанская, д. 3б", "S08"),
        ("наб. Лодочная", "наб. " + "Лодочная" * 40, "S14"),
        ("8 (4950) 11-22-44", "8 (4950) 11-22-4", "S09"),
        ("8 (4950) 11-22-44, график работы: пн.-пт. 9:00-18:00", "8 (4950) 11-22-44", "S09"),
        ("пн.-пт. 9:00-18:00", "пн.-пт. 18:00-9:00", "S09"),
        ("svet@rechnoy.example", "нет", "S10"),
        ("https://rechnoy.example/pay/", "javascript:alert(1)", "S10"),
        ("https://rechnoy.example/pay/", "https://rechnoy.example/" + "x" * 200, "S14"),
        ("E-mail:", "Факс:", "S11"),
        ("для юридических лиц: 8", "для соседей: 8", "S11"),
        ("Адрес для почтовых отправлений", "Адрес", "S02"),
    ],
)
def test_a_text_that_is_not_in_the_expected_form_is_refused(find, put, code):
    spoiled = TEXT.replace(find, put, 1)

    assert spoiled != TEXT
    assert code in codes(spoiled)


@pytest.mark.parametrize("text", ["", "\n\n", "Просто письмо.", TEXT[TEXT.index(" Адрес для почтовых") :]])
def test_a_text_without_offices_is_refused(text):
    assert "S01" in codes(text)


@pytest.mark.parametrize("share", range(1, 20))
def test_a_text_that_was_cut_off_is_refused(share):
    start = TEXT.index("для юридических лиц: 8") + 1

    assert read_standard(TEXT[: start * share // 20]).refused


@pytest.mark.parametrize(
    ("find", "put", "code"), [("сб.-вс.:     выходной", "", "S07"), ("Телефон:", "Факс: 1", "S12")]
)
def test_what_is_odd_but_clear_is_noted_and_loaded(find, put, code):
    text = TEXT.replace(find, put, 1)

    assert codes(text) == set()
    assert codes(text, Level.NOTE) == {code}


def test_a_finding_names_the_line_of_the_file():
    text = TEXT.replace("сб.:       10:00 - 15:00", "сб.: по записи", 1)
    expected = next(n for n, line in enumerate(text.split("\n"), start=1) if "по записи" in line)

    finding = read_standard(text).findings[0]

    assert finding.facts["line"] == expected


def test_the_first_office_is_not_lost_when_its_address_is_spoiled():
    spoiled = TEXT.replace("101001, г. Речной, ул. Пристанская, д. 3б", "101001, г д. 3б", 1)

    assert codes(spoiled) == {"S03"}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=8)), max_size=40).map("".join))
def test_no_text_makes_the_reader_fail(text):
    reading = read_standard(text)

    assert reading.refused or len(reading.facts.offices) > 0


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_slip_in_the_text_makes_the_reader_fail_or_lose_an_office_silently(data):
    start = data.draw(st.integers(0, len(TEXT)))
    end = min(len(TEXT), start + data.draw(st.integers(0, 60)))
    spoiled = TEXT[:start] + data.draw(st.sampled_from(["", *FRAGMENTS])) + TEXT[end:]

    reading = read_standard(spoiled)

    annex = spoiled[: spoiled.find("Адрес для почтовых")]
    addresses = re.findall(r"^[ \t]*1010(?:01|02|10), ?\w", annex, re.MULTILINE)
    assert reading.refused or len(reading.facts.offices) >= len(addresses)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fail(raw):
    text = decode(raw)

    assert text is None or read_standard(text).refused


def test_every_code_of_the_reader_is_in_its_rules():
    folder = SAMPLE.parents[1] / "rules"
    used = {code for path in folder.glob("*.py") for code in re.findall(r'"(S\d\d)"', path.read_text(encoding="utf-8"))}

    assert used == {rule.code for rule in STANDARD_RULES}
