"""The account's book: posted once, closed in order, balances that are sums."""

from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest
from django.db import connection
from django.db.utils import IntegrityError, InternalError, ProgrammingError

from svet.domains.accounts.models import Account
from svet.domains.customers.models import Customer
from svet.domains.ledger import actions, jobs, queries
from svet.domains.ledger.rules import EntryKind, Service
from svet.infra.clock import MOSCOW
from svet.infra.models import AuditRecord, Fact
from svet.kernel.errors import Conflict
from svet.kernel.period import Month

pytestmark = pytest.mark.django_db

SEPTEMBER, OCTOBER, NOVEMBER = Month("2026-09"), Month("2026-10"), Month("2026-11")
AT = datetime(2026, 11, 2, 9, 0, tzinfo=MOSCOW)


@pytest.fixture
def anna():
    return account("7700000001")


def account(number):
    customer = Customer.objects.create(kind="person", code=number, family_name="Жильцова")
    return Account.objects.create(number=number, customer=customer, opened_on=date(2020, 1, 1)).pk


def post(account_id, amount, *, month=OCTOBER, kind=EntryKind.CHARGE, source_id=None, concerns=None, **more):
    terms = {
        "posted_on": month.last_on, "source_kind": kind.value, "line": 1, "recorded_at": AT,
        "concerns": concerns or month, **more,
    }  # fmt: skip
    return actions.post(
        account_id=account_id,
        kind=kind,
        amount=Decimal(amount),
        month=month,
        source_id=source_id or month.first_on.toordinal(),
        **terms,
    )


def frame(*rows):
    return pl.DataFrame(
        [
            {
                "account_id": account_id, "kind": "charge", "service": "energy", "amount_kop": kopecks,
                "month": OCTOBER.first_on, "concerns": OCTOBER.first_on, "posted_on": OCTOBER.last_on,
                "source_kind": "charge", "source_id": source_id, "line": 1,
            }
            for account_id, kopecks, source_id in rows
        ]
    )  # fmt: skip


def test_a_balance_is_the_sum_of_entries_up_to_a_day(anna):
    post(anna, "500.10", month=SEPTEMBER)
    post(anna, "-200.00", kind=EntryKind.PAYMENT)

    assert queries.balance(anna) == Decimal("300.10")
    assert queries.balance(anna, on=date(2026, 10, 1)) == Decimal("500.10")
    assert [row.balance for row in queries.entries(anna)] == [Decimal("500.10"), Decimal("300.10")]


def test_posting_the_same_thing_twice_is_posting_it_once(anna):
    assert post(anna, "500.10")
    assert not post(anna, "500.10")

    assert queries.balance(anna) == Decimal("500.10")


def test_another_amount_under_the_same_key_is_a_conflict(anna):
    post(anna, "500.10")

    with pytest.raises(Conflict) as refusal:
        post(anna, "500.11")

    assert refusal.value.code == "entry_differs"


def test_a_frame_posts_only_what_is_missing(anna):
    boris = account("7700000002")

    first = actions.post_frame(frame((anna, 10_010, 1)), recorded_at=AT)
    second = actions.post_frame(frame((anna, 10_010, 1), (boris, 20_020, 2)), recorded_at=AT)

    assert (first, second) == (1, 1)
    assert queries.balances([anna, boris]) == {anna: Decimal("100.10"), boris: Decimal("200.20")}


def test_a_frame_with_another_amount_under_a_posted_key_is_a_conflict(anna):
    actions.post_frame(frame((anna, 10_010, 1)), recorded_at=AT)

    with pytest.raises(Conflict):
        actions.post_frame(frame((anna, 10_011, 1)), recorded_at=AT)


def test_a_fraction_of_a_kopeck_is_refused(anna):
    with pytest.raises(ValueError, match="kopeck"):
        post(anna, "0.005")


def test_nothing_enters_a_closed_month_and_the_ledger_says_where_to_post_instead(anna):
    post(anna, "500.10")
    actions.close_month(OCTOBER, at=AT, by=None)

    with pytest.raises(actions.MonthIsClosed):
        post(anna, "1.00", source_id=2)
    with pytest.raises(actions.MonthIsClosed):
        actions.post_frame(frame((anna, 100, 3)), recorded_at=AT)
    assert queries.is_closed(OCTOBER)
    assert queries.open_month(OCTOBER) == queries.first_open_month() == NOVEMBER
    assert queries.open_month(Month("2027-03")) == Month("2027-03")


def test_the_turnover_of_a_month_starts_from_the_closing_before(anna):
    post(anna, "90.00", month=SEPTEMBER, kind=EntryKind.OPENING)
    post(anna, "500.10", month=SEPTEMBER)
    actions.close_month(SEPTEMBER, at=AT, by=None)
    post(anna, "300.00")
    post(anna, "-450.10", kind=EntryKind.PAYMENT)
    post(anna, "-10.00", kind=EntryKind.CORRECTION)
    post(anna, "2.50", kind=EntryKind.PENALTY)

    actions.close_month(OCTOBER, at=AT, by=None)

    september, october = (row.turnover for row in queries.turnovers(anna))
    assert (september.opening, september.closing) == (Decimal("90.00"), Decimal("590.10"))
    assert october.opening == september.closing
    assert (october.charged, october.corrected, october.penalties, october.paid) == (
        Decimal("300.00"), Decimal("-10.00"), Decimal("2.50"), Decimal("450.10"),
    )  # fmt: skip
    assert october.closing == queries.balance(anna) == Decimal("432.50")


def test_penalties_have_a_turnover_of_their_own(anna):
    post(anna, "300.00")
    post(anna, "2.50", kind=EntryKind.PENALTY, service=Service.PENALTY)

    actions.close_month(OCTOBER, at=AT, by=None)

    assert {row.service: row.turnover.closing for row in queries.turnovers(anna)} == {
        Service.ENERGY: Decimal("300.00"),
        Service.PENALTY: Decimal("2.50"),
    }


def test_a_balance_goes_on_through_a_month_without_movements(anna):
    post(anna, "300.00", month=SEPTEMBER)
    actions.close_month(SEPTEMBER, at=AT, by=None)

    actions.close_month(OCTOBER, at=AT, by=None)

    assert queries.turnovers(anna)[-1].turnover.closing == Decimal("300.00")


def test_months_close_once_and_in_order(anna):
    post(anna, "300.00", month=SEPTEMBER)
    with pytest.raises(Conflict) as too_early:
        actions.close_month(OCTOBER, at=AT, by=None)
    actions.close_month(SEPTEMBER, at=AT, by=None)
    with pytest.raises(Conflict) as gap:
        actions.close_month(NOVEMBER, at=AT, by=None)
    with pytest.raises(Conflict) as twice:
        actions.close_month(SEPTEMBER, at=AT, by=None)

    codes = [error.value.code for error in (too_early, gap, twice)]
    assert codes == ["earlier_month_open", "earlier_month_open", "month_already_closed"]


def test_totals_of_a_month_are_the_same_before_and_after_it_closes(anna):
    post(anna, "300.00", month=SEPTEMBER)
    actions.close_month(SEPTEMBER, at=AT, by=None)
    post(anna, "120.00")
    post(anna, "-300.00", kind=EntryKind.PAYMENT)
    before = queries.month_totals(OCTOBER)

    stored = actions.close_month(OCTOBER, at=AT, by=None)

    after = queries.month_totals(OCTOBER)
    assert (before.is_closed, after.is_closed) == (False, True)
    assert before.turnover == after.turnover
    assert Decimal(stored["closing"]) == after.turnover.closing == Decimal("120.00")


def test_closing_leaves_an_audit_record_and_a_fact(anna):
    post(anna, "300.00")

    actions.close_month(OCTOBER, at=AT, by=None)

    assert AuditRecord.objects.filter(verb="ledger.close_month", target_id="2026-10").exists()
    assert Fact.objects.get(name="ledger.month_closed").payload["closing"] == "300.00"


def test_the_months_with_entries_after_a_month_are_found(anna):
    assert queries.months_after(queries.BEGINNING) == []

    for month in (OCTOBER, SEPTEMBER, NOVEMBER):
        post(anna, "100.00", month=month)

    assert queries.months_after(queries.BEGINNING) == [SEPTEMBER, OCTOBER, NOVEMBER]
    assert queries.months_after(SEPTEMBER, until=OCTOBER) == [OCTOBER]


def test_the_check_of_turnovers_finds_what_does_not_agree_with_the_entries(anna):
    post(anna, "300.00")
    actions.close_month(OCTOBER, at=AT, by=None)
    assert jobs.check_turnovers(0) == 0

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_entry SET amount = 299.00")

    assert jobs.check_turnovers(0) == 1
    assert queries.differing_turnovers(OCTOBER)[0].summed == Decimal("299.00")


@pytest.mark.parametrize("statement", ["UPDATE ledger_entry SET amount = 1", "DELETE FROM ledger_entry"])
def test_the_database_refuses_to_rewrite_entries(anna, statement):
    post(anna, "300.00")

    with pytest.raises((InternalError, ProgrammingError, IntegrityError)), connection.cursor() as cursor:
        cursor.execute(statement)


def test_money_pays_the_oldest_month_first(anna):
    post(anna, "300.00", month=SEPTEMBER)
    post(anna, "200.00")
    post(anna, "-350.00", kind=EntryKind.PAYMENT)

    assert queries.debts(anna) == [queries.Debt(OCTOBER, Decimal("150.00"))]


def test_who_has_an_advance_owes_for_no_month(anna):
    post(anna, "300.00")
    post(anna, "-350.00", kind=EntryKind.PAYMENT)

    assert queries.debts(anna) == []
    assert queries.balance(anna) == Decimal("-50.00")
