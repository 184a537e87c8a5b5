"""A payment comes once, however often it is sent; it goes to its account, its month and its pile."""

from __future__ import annotations

import functools
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import connection, transaction

from svet.domains.ledger.models import Entry, MonthClose
from svet.domains.payments import actions, queries
from svet.domains.payments.actions import booking
from svet.domains.payments.models import Payment
from svet.domains.payments.tests.makers import NOW, PAID_AT, a_charge, a_source, an_account, entries, number
from svet.infra.clock import MOSCOW
from svet.infra.models import AuditRecord, Fact
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.kernel.period import Month


def pay(external_id: str = "1", amount: str = "500.00", account_number: str | None = "", **more: object):
    return actions.accept_payment(
        **{
            "source_code": "qiwi",
            "external_id": external_id,
            "account_number": number(1) if account_number == "" else account_number,
            "amount": Decimal(amount),
            "paid_at": PAID_AT,
            "received_at": NOW,
            **more,
        }
    )


@pytest.fixture
def account(db):
    a_source()
    return an_account(1)


def test_a_payment_lowers_what_is_owed_and_leaves_its_traces(account):
    result = pay()

    assert (result.account_id, result.is_new) == (account.pk, True)
    (entry,) = Entry.objects.filter(account=account)
    assert (entry.amount, entry.kind, entry.month, entry.posted_on) == (
        Decimal("-500.00"),
        "payment",
        date(2026, 6, 1),
        date(2026, 6, 3),
    )
    assert Fact.objects.get(name="payments.payment_accepted").account_id == account.pk
    assert AuditRecord.objects.get(verb="payments.accept_payment").target_id == str(result.payment_id)


def test_the_same_payment_twice_is_one_payment(account):
    first, second = pay(), pay()

    assert second.payment_id == first.payment_id
    assert (first.is_new, second.is_new) == (True, False)
    assert entries(account) == [("payment", Decimal("-500.00"))]


@pytest.mark.parametrize("changed", [{"amount": "500.01"}, {"account_number": number(2)}, {"account_number": None}])
def test_a_repeat_that_differs_is_a_conflict_and_books_nothing(account, changed):
    pay()

    with pytest.raises(Conflict, match="payment_differs"):
        pay(**changed)
    assert Payment.objects.count() == 1
    assert entries(account) == [("payment", Decimal("-500.00"))]


def test_two_sources_may_use_the_same_id(account):
    a_source("other")

    assert pay().payment_id != pay(source_code="other").payment_id


@pytest.mark.parametrize("given", ["3300000018", "12", "abc", None, "٣٣٠٠٠٠٠٠١٩"])
def test_money_for_an_unknown_account_is_kept_unidentified(account, given):
    result = pay(account_number=given)

    assert result.account_id is None
    assert [row.payment.payment_id for row in queries.unidentified()] == [result.payment_id]
    assert Entry.objects.count() == 0
    assert Fact.objects.get().name == "payments.payment_unidentified"


def test_unidentified_money_suggests_the_account_one_digit_away(account):
    pay(account_number="3300000018")

    (row,) = queries.unidentified()
    assert [suggestion.number for suggestion in row.suggestions] == ["3300000019"]
    assert queries.unidentified_total() == (1, Decimal("500.00"))


def test_a_closed_account_still_takes_money(account):
    account.closed_on = date(2025, 1, 1)
    account.save()

    assert pay().account_id == account.pk


def test_money_for_a_closed_month_counts_in_the_first_open_one(account):
    MonthClose.objects.create(month=date(2026, 6, 1), closed_at=NOW)

    pay()

    assert Entry.objects.get().month == date(2026, 7, 1)
    assert Entry.objects.get().posted_on == date(2026, 6, 3)


def test_a_month_that_closes_at_this_very_moment_passes_the_money_on(account, monkeypatch):
    MonthClose.objects.create(month=date(2026, 6, 1), closed_at=NOW)
    monkeypatch.setattr(booking.ledger_queries, "open_month", lambda month: month)

    pay()

    assert Entry.objects.get().month == date(2026, 7, 1)


def test_a_payment_late_in_the_evening_belongs_to_its_day_in_moscow(account):
    pay(paid_at=datetime(2026, 5, 31, 23, 59, tzinfo=MOSCOW))

    assert Entry.objects.get().posted_on == date(2026, 5, 31)


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "NaN", "Infinity", "1E+30", "1000000000.01"])
def test_an_amount_that_is_no_money_is_refused(account, amount):
    with pytest.raises(DomainError, match="amount_is_wrong"):
        pay(amount=amount)


@pytest.mark.parametrize("external_id", ["", "9" * 121, "1\x002"])
def test_an_id_that_cannot_be_kept_is_refused(account, external_id):
    with pytest.raises(DomainError, match="payment_is_malformed"):
        pay(external_id=external_id)


def test_an_unknown_source_is_refused(account):
    with pytest.raises(NotFound):
        pay(source_code="nobody")


def test_payments_go_to_the_oldest_month_unless_one_is_named(account):
    a_charge(account, amount="300.00", month=date(2026, 4, 1), source_id=1)
    a_charge(account, amount="300.00", month=date(2026, 5, 1), source_id=2)
    first = pay("1", "100.00").payment_id
    second = pay("2", "250.00", named_month=Month("2026-05")).payment_id

    parts = [(part.payment_id, str(part.month), part.amount) for part in queries.allocation_of(account.pk).parts]

    assert parts == [(first, "2026-04", Decimal(100)), (second, "2026-05", Decimal(250))]


def test_the_database_refuses_to_rewrite_a_payment(account):
    payment_id = pay().payment_id

    with pytest.raises(Exception, match="append_only"):
        Payment.objects.filter(pk=payment_id).update(amount=1)


@pytest.mark.django_db(transaction=True)
def test_a_payment_whose_key_is_held_for_long_is_in_progress(monkeypatch):
    a_source()
    account = an_account(1)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                pay()
                held.set()
                done.wait(30)
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(30)
    short = functools.partial(booking.impatient_transaction, seconds=1)
    monkeypatch.setattr("svet.domains.payments.actions.accepting.impatient_transaction", short)
    with pytest.raises(Conflict, match="payment_in_progress"):
        pay()
    done.set()
    holder.join()

    assert pay().is_new is False
    assert len(entries(account)) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_connections_racing_one_payment_book_it_once():
    a_source()
    account = an_account(1)

    def race(_: int):
        try:
            return pay("777")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(race, range(8)))

    assert len({result.payment_id for result in results}) == 1
    assert sum(result.is_new for result in results) == 1
    assert entries(account) == [("payment", Decimal("-500.00"))]
