"""Sberbank's files as they come: both forms, both endings, and everything that can be wrong with them."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svet.domains.payments.rules.register import check_register
from svet.infra.clock import MOSCOW
from svet.kernel.findings import Level
from svet.kernel.period import Month
from svet.surfaces.gates import archives
from svet.surfaces.gates.sberbank.parse import parse_register

SAMPLES = Path(__file__).parent / "samples"
TODAY = date(2026, 6, 4)
LINE = "03-06-2026;09-15-02;8611;1;880000000001;3300000019;ИВАНОВ;;052026;100,00;99,00;1,00"


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def problems(data: bytes) -> list[tuple[str, dict]]:
    findings = check_register(parse_register(data), received_on=TODAY)
    return [(finding.code, finding.facts) for finding in findings if finding.level is Level.REFUSE]


def codes(data: bytes) -> list[str]:
    return [code for code, _ in problems(data)]


@pytest.mark.parametrize("name", ["twelve_fields.txt", "twelve_fields_one_line_totals.txt", "twelve_fields.zip"])
def test_the_form_of_twelve_fields_is_read(name):
    parsed = parse_register(sample(name))

    assert parsed.form == "sberbank-12"
    assert problems(sample(name)) == []
    first, _, last = parsed.lines
    assert (first.external_id, first.account_number, first.kopecks, first.fee_kopecks) == (
        "880000000001",
        "3300000019",
        117349,
        1173,
    )
    assert first.paid_at == datetime(2026, 6, 3, 9, 15, 2, tzinfo=MOSCOW)
    assert first.named_month == Month("2026-05")
    assert first.details["payer"] == "БЕРЁЗКИНА АННА ИЛЬИНИЧНА"
    assert (last.kopecks, last.named_month) == (25050, None)


def test_the_form_of_fifteen_fields_is_read():
    parsed = parse_register(sample("fifteen_fields.txt"))

    assert parsed.form == "sberbank-15"
    assert problems(sample("fifteen_fields.txt")) == []
    assert [line.kopecks for line in parsed.lines] == [117349, 10000]
    assert parsed.lines[0].details["service_block"][0] == "1173,49"


@pytest.mark.parametrize(("name", "found"), [("utf8.txt", "utf-8"), ("dos.txt", "cp866")])
def test_a_wrong_encoding_is_named(name, found):
    assert problems(sample(name)) == [("P01", {"found": found, "expected": "cp1251"})]


def test_a_truncated_file_is_refused_for_the_cut_line_and_the_missing_totals():
    assert codes(sample("truncated.txt")) == ["P05", "P02"]


def test_a_count_that_differs_refuses_the_file():
    assert problems(sample("wrong_count.txt")) == [("P03", {"said": 4, "found": 3})]


def test_a_sum_that_differs_by_a_kopeck_refuses_the_file():
    assert problems(sample("wrong_sum.txt")) == [("P04", {"which": "amount", "said": "1923.98", "found": "1923.99"})]


def test_every_bad_line_is_listed_with_its_field():
    listed = [(facts["line"], facts["field"]) for _, facts in problems(sample("bad_lines.txt"))]

    assert listed == [(2, "date"), (3, "amount")]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (LINE.replace("100,00", "0,00"), "amount"),
        (LINE.replace("100,00", "-5,00"), "amount"),
        (LINE.replace("100,00", "1e5"), "amount"),
        (LINE.replace("100,00", "9999999999,00"), "amount"),
        (LINE.replace("100,00", "٣"), "fields"),
        (LINE.replace("09-15-02", "25-15-02"), "time"),
        (LINE.replace("2026;09", "1826;09"), "date"),
        (LINE.replace("880000000001", ""), "operation"),
        (LINE.replace("880000000001", "9" * 61), "operation"),
        (LINE.replace("ИВАНОВ", "ИВ\x00АНОВ"), "characters"),
        (LINE + ";5", "fields"),
    ],
)
def test_a_line_that_cannot_be_read_refuses_the_file(line, field):
    data = f"{LINE}\n{line}\n=2;200,00;198,00;2,00;;\n".encode("cp1251", "replace")

    code, facts = problems(data)[0]
    assert (code, facts["line"]) == ("P05", 2)
    if field != "fields":
        assert facts["field"] == field


def test_an_operation_twice_in_a_file_refuses_it():
    assert codes(f"{LINE}\n{LINE}\n=2;200,00;198,00;2,00;;\n".encode("cp1251")) == ["P06"]


def test_text_after_the_totals_refuses_the_file():
    assert codes(f"{LINE}\n=1;100,00;99,00;1,00;;\n{LINE}\n".encode("cp1251")) == ["P07"]


@pytest.mark.parametrize("day", ["06-06-2026", "03-06-2021"])
def test_a_payment_of_the_day_after_tomorrow_or_of_years_ago_refuses_the_file(day):
    line = LINE.replace("03-06-2026", day)
    assert codes(f"{line}\n=1;100,00;99,00;1,00;;\n".encode("cp1251")) == ["P13"]


def test_a_registry_without_payments_is_right_when_it_says_so():
    assert codes(b"=0;0,00;0,00;0,00;;\n") == []


@pytest.mark.parametrize("data", [b"", b"\r\n\r\n", b"=", b"=\n=\n=", b"\xff\xfe=", b";" * 5000, b"PK\x03\x04junk"])
def test_rubbish_is_refused(data):
    assert codes(data)


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_an_archive_of_two_files_is_refused():
    assert problems(zipped(a=b"1", b=b"2")) == [("P08", {"why": "files", "files": 2})]


def test_a_zip_bomb_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(archives, "MAX_BYTES", 1_000_000)

    assert codes(zipped(bomb=b"\x00" * 50_000_000)) == ["P09"]


def test_a_hundred_thousand_bad_lines_are_counted_not_listed():
    data = ("03-06-2026;x;;;;;;;;;;\n" * 100_000).encode("cp1251")

    listed = problems(data)
    assert len(listed) < 300
    assert any(facts.get("more") == 99_900 for _, facts in listed)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_parser(data):
    check_register(parse_register(data), received_on=TODAY)


PIECES = st.sampled_from([LINE, "=", "=1;100,00;99,00;1,00;;", ";;;;;;;;;;;", "\n", "\r\n", ";", "0", "ж", "\x1a", ","])


@given(st.lists(PIECES, max_size=30).map("".join))
def test_nothing_like_a_registry_breaks_the_parser(text):
    check_register(parse_register(text.encode("cp1251")), received_on=TODAY)


@given(st.binary(max_size=300))
def test_no_archive_breaks_the_parser(tail):
    check_register(parse_register(sample("twelve_fields.zip")[:120] + tail), received_on=TODAY)
