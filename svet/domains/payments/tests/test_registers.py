"""A registry is posted whole or refused whole, once, whatever happens on the way."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import OperationalError, connection

from svet.domains.ledger.models import Entry
from svet.domains.payments import actions, queries
from svet.domains.payments.actions import registers
from svet.domains.payments.models import Payment, PaymentRegister
from svet.domains.payments.rules import RegisterState, SourceKind
from svet.domains.payments.rules.register import ControlTotals, ParsedRegister, RegisterLine, RegisterReport
from svet.domains.payments.tests.makers import NOW, PAID_AT, a_source, an_account, entries, number
from svet.infra.models import Fact
from svet.kernel.errors import NotFound
from svet.kernel.period import Month


def line(place: int, account_number: str, kopecks: int = 10_000, **more) -> RegisterLine:
    return RegisterLine(
        **{
            "number": place,
            "external_id": f"OP{place}",
            "account_number": account_number,
            "kopecks": kopecks,
            "fee_kopecks": 100,
            "transfer_kopecks": kopecks - 100,
            "paid_at": PAID_AT,
            **more,
        }
    )


def a_registry(*lines: RegisterLine) -> ParsedRegister:
    totals = ControlTotals(
        count=len(lines),
        kopecks=sum(row.kopecks for row in lines),
        transfer_kopecks=sum(row.transfer_kopecks for row in lines),
        fee_kopecks=sum(row.fee_kopecks for row in lines),
    )
    return ParsedRegister(form="sberbank-12", lines=lines, totals=totals)


def post(parsed: ParsedRegister, *, sha256: str = "a" * 64, dry_run: bool = False) -> RegisterReport:
    return actions.post_register(
        parsed, source_code="sberbank", sha256=sha256, file_name="r.txt", received_at=NOW, dry_run=dry_run
    )


def codes(report: RegisterReport) -> list[str]:
    return [finding.code for finding in report.findings]


@pytest.fixture
def anna(db):
    a_source("sberbank", kind=SourceKind.BANK_REGISTER)
    return an_account(1)


def test_payments_of_a_registry_reach_accounts_ledger_and_facts(anna):
    report = post(a_registry(line(1, number(1), named_month=Month("2026-05")), line(2, number(1), 5_050)))

    assert (report.state, report.is_new, report.posted, report.unidentified) == (RegisterState.POSTED, True, 2, 0)
    assert sorted(entries(anna)) == [("payment", Decimal("-100.00")), ("payment", Decimal("-50.50"))]
    entry = Entry.objects.get(amount=Decimal("-100.00"))
    assert (entry.month, entry.concerns, entry.posted_on, entry.source_kind) == (
        date(2026, 6, 1),
        date(2026, 5, 1),
        date(2026, 6, 3),
        "payment",
    )
    assert Fact.objects.filter(name="payments.payment_accepted", account_id=anna.pk).count() == 2
    assert Fact.objects.get(name="payments.register_posted").payload["posted"] == 2
    assert [row.register_id for row in queries.payments_of(anna.pk)] == [report.register_id] * 2


def test_an_unknown_account_gives_unidentified_money_and_a_note(anna):
    report = post(a_registry(line(1, number(1)), line(2, "3300000018"), line(3, ""), line(4, "\\N")))

    assert (report.posted, report.unidentified, report.unidentified_amount) == (4, 3, Decimal("300.00"))
    assert codes(report) == ["P12", "P12", "P12"]
    assert queries.register(report.register_id).findings == report.findings
    assert sorted(row.payment.external_id for row in queries.unidentified()) == ["OP2", "OP3", "OP4"]


def test_the_same_file_twice_posts_once(anna):
    first = post(a_registry(line(1, number(1))))
    second = post(a_registry(line(1, number(1))))

    assert (second.register_id, second.is_new) == (first.register_id, False)
    assert len(entries(anna)) == 1


def test_an_operation_known_from_another_file_is_not_doubled(anna):
    post(a_registry(line(1, number(1))))
    report = post(a_registry(line(1, number(1)), line(2, number(1))), sha256="b" * 64)

    assert (report.state, report.posted, report.repeated) == (RegisterState.POSTED, 1, 1)
    assert codes(report) == ["P10"]
    assert len(entries(anna)) == 2


@pytest.mark.parametrize("changed", [{"kopecks": 10_001, "transfer_kopecks": 9_901}, {"account_number": number(2)}])
def test_an_operation_that_was_booked_otherwise_refuses_the_file(anna, changed):
    post(a_registry(line(1, number(1))))
    report = post(a_registry(replace(line(1, number(1)), **changed), line(2, number(1))), sha256="b" * 64)

    assert (report.state, codes(report)) == (RegisterState.REFUSED, ["P11"])
    assert len(entries(anna)) == 1
    assert Payment.objects.count() == 1


def test_wrong_totals_refuse_the_file_and_keep_why(anna):
    parsed = a_registry(line(1, number(1)))
    report = post(replace(parsed, totals=replace(parsed.totals, kopecks=1)))

    assert (report.state, codes(report)) == (RegisterState.REFUSED, ["P04"])
    assert Payment.objects.count() == Entry.objects.count() == 0
    (kept,) = queries.registers()
    assert (kept.state, kept.findings) == (RegisterState.REFUSED, report.findings)
    assert Fact.objects.get().name == "payments.register_refused"


def test_a_refused_file_may_come_again_and_be_posted(anna):
    parsed = a_registry(line(1, number(1)))
    post(replace(parsed, totals=None))

    assert post(parsed).state is RegisterState.POSTED


def test_huge_sums_are_refused_not_crashed(anna):
    lines = tuple(line(place, number(1), 10**11) for place in range(1, 2_000))

    assert post(ParsedRegister(form="sberbank-12", lines=lines)).state is RegisterState.REFUSED


def test_a_dry_run_says_the_same_and_keeps_nothing(anna):
    report = post(a_registry(line(1, number(1)), line(2, "nobody")), dry_run=True)

    assert (report.state, report.posted, report.unidentified, report.register_id) == (
        RegisterState.POSTED,
        2,
        1,
        None,
    )
    assert Payment.objects.count() == Entry.objects.count() == PaymentRegister.objects.count() == 0
    assert Fact.objects.count() == 0


def test_what_fails_in_the_middle_leaves_nothing(anna, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the power went")

    monkeypatch.setattr(registers, "_keep", fail)
    with pytest.raises(RuntimeError):
        post(a_registry(line(1, number(1))))

    assert Payment.objects.count() == Entry.objects.count() == PaymentRegister.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_dies_in_the_middle_leaves_nothing_and_the_file_can_be_posted_again(monkeypatch):
    a_source("sberbank", kind=SourceKind.BANK_REGISTER)
    anna = an_account(1)
    parsed = a_registry(line(1, number(1)))

    def die(*args, **kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with monkeypatch.context() as broken:
        broken.setattr(registers, "_keep", die)
        with pytest.raises(OperationalError):
            post(parsed)
    connection.close()

    assert Payment.objects.count() == PaymentRegister.objects.count() == 0
    assert post(parsed).is_new
    assert len(entries(anna)) == 1


def test_an_empty_registry_is_posted(anna):
    assert post(a_registry()).state is RegisterState.POSTED


def test_an_unknown_channel_is_told(db):
    with pytest.raises(NotFound):
        post(a_registry())


@pytest.mark.django_db(transaction=True)
def test_four_connections_racing_one_file_post_it_once():
    a_source("sberbank", kind=SourceKind.BANK_REGISTER)
    anna = an_account(1)
    parsed = a_registry(*(line(place, number(1)) for place in range(1, 200)))

    def race(_: int) -> RegisterReport:
        try:
            return post(parsed)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        reports = list(threads.map(race, range(4)))

    assert sum(report.is_new for report in reports) == 1
    assert len({report.register_id for report in reports}) == 1
    assert len(entries(anna)) == 199


@pytest.mark.django_db(transaction=True)
def test_a_terminal_and_a_file_with_the_same_operation_book_it_once():
    a_source("sberbank", kind=SourceKind.BANK_REGISTER)
    anna = an_account(1)
    parsed = a_registry(*(line(place, number(1)) for place in range(1, 300)))

    def by_file() -> int:
        try:
            return post(parsed).posted
        finally:
            connection.close()

    def one_by_one() -> int:
        try:
            return sum(
                actions.accept_payment(
                    source_code="sberbank",
                    external_id=f"OP{place}",
                    account_number=number(1),
                    amount=Decimal("100.00"),
                    paid_at=PAID_AT,
                    received_at=NOW,
                ).is_new
                for place in range(150, 250)
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        counts = [work.result() for work in (threads.submit(by_file), threads.submit(one_by_one))]

    assert sum(counts) == len(entries(anna)) == 299


def test_twenty_thousand_lines_are_posted_in_seconds(anna):
    lines = (line(place, number(1), paid_at=PAID_AT + timedelta(seconds=place % 3600)) for place in range(1, 20_001))
    parsed = a_registry(*lines)

    began = time.monotonic()
    assert post(parsed).posted == 20_000
    assert time.monotonic() - began < 20
