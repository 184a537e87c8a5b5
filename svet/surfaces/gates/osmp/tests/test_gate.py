"""The terminals' gate over real HTTP: every answer of the protocol, the door, and racing repeats."""

from __future__ import annotations

import base64
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from defusedxml.ElementTree import fromstring

from svet.domains.payments import actions
from svet.domains.payments.rules import SourceKind
from svet.domains.payments.tests.makers import NOW, a_charge, a_source, an_account, booked_payments, entries, number
from svet.infra import clock
from svet.infra.models import AuditRecord, InboxMessage
from svet.kernel.errors import Conflict

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "пароль-агента-7"
PAY = {"command": "pay", "txn_id": "1000001", "account": number(1), "sum": "500.00", "txn_date": "20260603091502"}
PASSWORD = {"Authorization": "Basic " + base64.b64encode(f"qiwi:{SECRET}".encode()).decode()}


@pytest.fixture
def server(live_server, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setenv("SVET_GATE_QIWI", SECRET)
    a_source("qiwi", allowed_networks=["127.0.0.0/8", "::1/128"], secret_name="SVET_GATE_QIWI")
    return urlsplit(live_server.url)


@pytest.fixture
def anna(server):
    return an_account(1)


def get(server, query: str, *, source: str = "qiwi", headers=PASSWORD, method: str = "GET"):
    connection = HTTPConnection(server.hostname, server.port, timeout=30)
    try:
        connection.request(method, f"/gates/osmp/{source}/?{query}", headers=headers or {})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def ask(server, **changes: str | None) -> dict[str, str]:
    query = urlencode({name: value for name, value in {**PAY, **changes}.items() if value is not None})
    status, body = get(server, query)
    assert status == 200
    return {child.tag: child.text or "" for child in fromstring(body)}


def check(server, **changes: str | None) -> dict[str, str]:
    return ask(server, command="check", txn_date=None, **changes)


def test_a_check_finds_the_account_and_books_nothing(server, anna):
    answer = check(server)

    assert (answer["result"], answer["osmp_txn_id"], answer["sum"]) == ("0", "1000001", "500.00")
    assert "prv_txn" not in answer
    assert booked_payments() == []


def test_a_check_tells_nothing_about_the_customer(server, anna):
    a_charge(anna, amount="1173.49", month=date(2026, 5, 1))

    told = "".join(check(server).values())
    assert "Берёзкина" not in told
    assert "1173" not in told


@pytest.mark.parametrize(("account", "result"), [("abc", "4"), ("", "4"), ("3300000018", "5"), ("12345", "5")])
@pytest.mark.parametrize("command", ["check", "pay"])
def test_wrong_accounts_f3(server, anna, command, account, result):
    assert ask(server, command=command, account=account)["result"] == result
    assert booked_payments() == []


def test_paying_twice_with_one_transaction_is_one_credit_f3(server, anna):
    first, second = ask(server), ask(server)

    assert first["result"] == second["result"] == "0"
    assert [first["prv_txn"]] == [second["prv_txn"]] == [str(payment_id) for payment_id in booked_payments()]
    assert first["sum"] == "500.00"
    assert entries(anna) == [("payment", Decimal("-500.00"))]


@pytest.mark.parametrize("changes", [{"sum": "500.01"}, {"account": number(2)}])
def test_the_same_transaction_with_another_sum_or_account_is_final(server, anna, changes):
    an_account(2)
    ask(server)

    answer = ask(server, **changes)
    assert answer["result"] == "300"
    assert "prv_txn" not in answer
    assert entries(anna) == [("payment", Decimal("-500.00"))]


def test_a_booked_transaction_is_answered_the_same_after_the_terms_changed(server, anna):
    first = ask(server)
    a_source("qiwi", allowed_networks=["127.0.0.0/8"], max_amount=Decimal(100), active=False)

    assert ask(server) == first


def test_sums_outside_the_limits(server, anna):
    assert check(server, sum="0.99")["result"] == "241"
    assert ask(server, sum="100000.01")["result"] == "242"
    assert ask(server, sum="0")["result"] == "241"
    assert ask(server, sum="9" * 15)["result"] == "242"


def test_a_closed_account_takes_money_while_something_is_owed(server, anna):
    anna.closed_on = date(2025, 1, 1)
    anna.save()
    assert check(server)["result"] == "79"

    a_charge(anna, amount="100.00", month=date(2024, 12, 1))
    assert check(server)["result"] == "0"
    assert ask(server)["result"] == "0"


def test_a_source_that_is_closed_takes_nothing(server, anna):
    a_source("qiwi", allowed_networks=["127.0.0.0/8"], active=False)

    assert (check(server)["result"], ask(server)["result"]) == ("7", "7")


def test_a_source_of_another_kind_has_no_terminals(server, anna):
    a_source("qiwi", kind=SourceKind.BANK_REGISTER, allowed_networks=["127.0.0.0/8"])

    assert check(server)["result"] == "8"


def test_a_cancellation_is_answered_as_impossible(server, anna):
    ask(server)

    assert ask(server, command="cancel")["result"] == "251"
    assert entries(anna) == [("payment", Decimal("-500.00"))]


def test_a_failure_of_ours_asks_a_payment_again_and_never_shows_an_error_page(server, anna, monkeypatch):
    def fail(**_):
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(actions, "accept_payment", fail)
        assert ask(server)["result"] == "1"
        broken.setattr("svet.surfaces.gates.osmp.views.check_account", fail)
        assert check(server)["result"] == "243"

    assert ask(server)["result"] == "0"
    assert len(entries(anna)) == 1


def test_a_payment_that_another_connection_holds_is_not_finished(server, anna, monkeypatch):
    def busy(**_):
        raise Conflict("payment_in_progress")

    monkeypatch.setattr(actions, "accept_payment", busy)

    assert ask(server)["result"] == "90"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "command=pay",
        urlencode({**PAY, "sum": "500,00"}),
        urlencode({**PAY, "sum": "5e2"}),
        urlencode({**PAY, "sum": "NaN"}),
        urlencode({**PAY, "sum": "-1"}),
        urlencode({**PAY, "txn_id": "9" * 21}),
        urlencode({**PAY, "txn_id": "<x>&"}),
        urlencode({**PAY, "txn_date": "20261399999999"}),
        urlencode({**PAY, "txn_date": "20990101000000"}),
        urlencode({**PAY, "txn_date": "20050101000000"}),
        urlencode({**PAY, "command": "reverse"}),
        urlencode(PAY) + "&account=" + number(2),
        urlencode(PAY) + "&x=" + "y" * 6000,
        "command=pay&txn_id=%00&account=%FF%FE&sum=%D0",
        "&&&===%%%",
    ],
)
def test_malformed_requests_are_answered_with_300(server, anna, query):
    status, body = get(server, query)

    assert status == 200
    assert fromstring(body).findtext("result") == "300"
    assert booked_payments() == []


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_other_methods_are_answered_in_the_protocol(server, anna, method):
    status, body = get(server, urlencode(PAY), method=method)

    assert (status, fromstring(body).findtext("result")) == (405, "300")
    assert booked_payments() == []


def test_the_raw_request_is_kept_once(server, anna):
    ask(server)
    ask(server)
    get(server, "command=nonsense")

    kept = InboxMessage.objects.order_by("id")
    assert [(row.gate, row.state, row.result["result"]) for row in kept] == [
        ("osmp/qiwi", "done", 0),
        ("osmp/qiwi", "done", 300),
    ]
    assert b"txn_id=1000001" in bytes(kept[0].raw)


def test_the_audit_names_the_gate(server, anna):
    ask(server)

    record = AuditRecord.objects.get(verb="payments.accept_payment")
    assert (record.actor_kind, record.actor_name) == ("gate", "osmp/qiwi")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic " + base64.b64encode(b"qiwi:wrong").decode()},
        {"Authorization": "Basic " + base64.b64encode(f"other:{SECRET}".encode()).decode()},
        {"Authorization": "Bearer " + base64.b64encode(f"qiwi:{SECRET}".encode()).decode()},
        {"Authorization": "Basic %%%"},
    ],
)
def test_without_the_password_nobody_passes(server, anna, headers):
    status, body = get(server, urlencode(PAY), headers=headers)

    assert (status, body) == (401, b"")
    assert InboxMessage.objects.count() == 0
    assert booked_payments() == []


def test_a_password_that_is_not_set_lets_nobody_in(server, anna, monkeypatch):
    monkeypatch.delenv("SVET_GATE_QIWI")
    empty = {"Authorization": "Basic " + base64.b64encode(b"qiwi:").decode()}

    assert get(server, urlencode(PAY), headers=empty)[0] == 401


def test_other_networks_do_not_pass_even_with_the_password(server, anna):
    a_source("qiwi", allowed_networks=["203.0.113.0/24"], secret_name="SVET_GATE_QIWI")

    assert get(server, urlencode(PAY))[0] == 403
    assert get(server, urlencode(PAY), headers={**PASSWORD, "X-Forwarded-For": "203.0.113.7"})[0] == 403


def test_behind_a_proxy_only_its_own_word_counts(server, anna, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    a_source("qiwi", allowed_networks=["203.0.113.0/24"], secret_name="SVET_GATE_QIWI")

    assert get(server, urlencode(PAY), headers={**PASSWORD, "X-Forwarded-For": "198.51.100.1, 203.0.113.7"})[0] == 200
    assert get(server, urlencode(PAY), headers={**PASSWORD, "X-Forwarded-For": "203.0.113.7, 198.51.100.1"})[0] == 403


def test_a_source_without_a_door_lets_nobody_in(server, anna):
    a_source("open")

    assert get(server, urlencode(PAY), source="open")[0] == 403


def test_an_unknown_source_is_not_there(server):
    assert get(server, urlencode(PAY), source="nobody")[0] == 404


def test_eight_terminals_racing_one_transaction_make_one_credit(server, anna):
    start = threading.Barrier(8)

    def race(_: int) -> dict[str, str]:
        start.wait(timeout=30)
        return ask(server)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(race, range(8)))

    assert {answer["result"] for answer in answers} == {"0"}
    assert len({answer["prv_txn"] for answer in answers}) == 1
    assert entries(anna) == [("payment", Decimal("-500.00"))]


def test_racing_the_same_transaction_with_two_sums_books_one_of_them(server, anna):
    start = threading.Barrier(8)

    def race(place: int) -> str:
        start.wait(timeout=30)
        return ask(server, sum="500.00" if place % 2 else "600.00")["result"]

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(race, range(8)))

    assert sorted(results) == ["0"] * 4 + ["300"] * 4
    assert len(entries(anna)) == 1
