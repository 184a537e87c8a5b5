"""What terminals and their agent send: requests in the address, the day's registry as CSV or XML."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svet.domains.payments.rules.register import ParsedRegister
from svet.surfaces.gates.osmp.parse import Malformed, TerminalRequest, parse_request
from svet.surfaces.gates.osmp.reconciliation import parse_reconciliation

SAMPLES = Path(__file__).parent / "samples"
PAY = {"command": "pay", "txn_id": "1000001", "account": "3300000019", "sum": "10.45", "txn_date": "20260603091502"}


def asked(**changes: str | None) -> TerminalRequest | Malformed:
    return parse_request(urlencode({k: v for k, v in {**PAY, **changes}.items() if v is not None}))


def test_a_payment_is_read():
    request = asked(pay_type="1", trm_id="77")

    assert isinstance(request, TerminalRequest)
    assert (request.command, request.txn_id, request.account, request.amount) == (
        "pay",
        "1000001",
        "3300000019",
        Decimal("10.45"),
    )
    assert request.paid_at.isoformat() == "2026-06-03T09:15:02+03:00"


def test_a_check_may_come_without_a_sum():
    assert asked(command="check", sum=None, txn_date=None).amount is None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"command": None}, "bad_command"),
        ({"command": "PAY"}, "bad_command"),
        ({"txn_id": None}, "bad_txn_id"),
        ({"txn_id": "1" * 21}, "bad_txn_id"),
        ({"txn_id": "12a"}, "bad_txn_id"),
        ({"txn_id": "١٢٣"}, "bad_txn_id"),
        ({"account": "abc"}, "bad_account"),
        ({"account": ""}, "bad_account"),
        ({"account": "3" * 201}, "bad_account"),
        ({"account": "33000\x000019"}, "bad_account"),
        ({"sum": None}, "bad_sum"),
        ({"sum": "10,45"}, "bad_sum"),
        ({"sum": "1e3"}, "bad_sum"),
        ({"sum": "NaN"}, "bad_sum"),
        ({"sum": "Infinity"}, "bad_sum"),
        ({"sum": "-10.00"}, "bad_sum"),
        ({"sum": "10.455"}, "bad_sum"),
        ({"sum": "9" * 40}, "bad_sum"),
        ({"sum": " 10.00"}, "bad_sum"),
        ({"txn_date": None}, "bad_txn_date"),
        ({"txn_date": "20260231000000"}, "bad_txn_date"),
        ({"txn_date": "2026-06-03"}, "bad_txn_date"),
        ({"txn_date": "00010101000000"}, "bad_txn_date"),
        ({"padding": "x" * 5000}, "too_long"),
        ({str(number): "" for number in range(80)}, "too_many_parameters"),
    ],
)
def test_a_malformed_request_is_told_why(changes, why):
    assert asked(**changes).why == why


def test_a_parameter_that_comes_twice_is_not_guessed():
    assert parse_request(urlencode(PAY) + "&sum=9999").why == "parameter_twice"


@given(st.text(max_size=300))
def test_no_query_breaks_the_parser(query):
    assert isinstance(parse_request(query), TerminalRequest | Malformed)


@given(st.dictionaries(st.sampled_from(list(PAY)), st.text(max_size=40)))
def test_no_values_break_the_parser(values):
    assert isinstance(asked(**values), TerminalRequest | Malformed)


def read(name: str) -> ParsedRegister:
    return parse_reconciliation((SAMPLES / name).read_bytes())


@pytest.mark.parametrize("name", ["day.csv", "day.xml"])
def test_the_agents_day_is_read(name):
    parsed = read(name)

    assert parsed.findings == ()
    assert [(line.external_id, line.account_number, line.kopecks) for line in parsed.lines] == [
        ("1000001", "3300000019", 117349),
        ("1000002", "3300000027", 50000),
    ]


@pytest.mark.parametrize("name", ["entity_bomb.xml", "entity_file.xml"])
def test_xml_with_entities_is_refused_unread(name):
    parsed = read(name)

    assert parsed.lines == ()
    assert [(finding.code, finding.facts) for finding in parsed.findings] == [("P14", {"why": "entities"})]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<register><payment", "P14"),
        (b"<?xml version='1.0' encoding='nonsense'?><a/>", "P14"),
        ("1;20260603;сч;1.00".encode("cp1251"), "P01"),
        (b"1;20260603;3300000019", "P05"),
        (b"1;20260603;3300000019;1e5", "P05"),
        (b"1;20260603;3300000019;5.00\n1;20260603;3300000019;5.00", "P06"),
    ],
)
def test_a_bad_registry_of_the_day_is_told_why(data, code):
    assert [finding.code for finding in parse_reconciliation(data).findings] == [code]


@given(st.binary(max_size=300))
def test_no_bytes_break_the_registry_parser(data):
    assert isinstance(parse_reconciliation(data), ParsedRegister)


@given(st.text("<>/&;!?'\"=abn0123 \n[]", max_size=200))
def test_nothing_like_xml_breaks_the_registry_parser(text):
    assert isinstance(parse_reconciliation(("<r>" + text).encode()), ParsedRegister)
