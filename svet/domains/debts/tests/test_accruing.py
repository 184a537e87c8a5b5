"""Penalties accrued month by month: apart from the price, once, by the difference, whatever turns out afterwards."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from svet.domains.debts import actions, jobs, queries
from svet.domains.debts.models import Accrual, AccrualLine, KeyRate, PenaltyIssue, PenaltyRun
from svet.domains.debts.rules import RunState
from svet.domains.debts.tests.books import charge, new_account, noon, number_of, pay
from svet.domains.ledger import actions as ledger_actions
from svet.domains.ledger import queries as ledger
from svet.domains.ledger.models import Entry
from svet.domains.ledger.rules import EntryKind, Service
from svet.domains.payments import actions as payments
from svet.domains.payments import queries as payment_queries
from svet.domains.tariffs import actions as tariffs
from svet.kernel.errors import Conflict, DomainError
from svet.kernel.money import from_kopecks
from svet.kernel.period import Month

pytestmark = pytest.mark.usefixtures("terms")


def accrue(month: str, **options) -> queries.PenaltyProgress:
    at = noon(Month(month).next.first_on)
    run_id = actions.start_penalties(month=Month(month), started_by=None, at=at, **options)
    done = jobs.work_off(run_id, at=at)
    assert (done.state, done.errors) == (RunState.DONE, ())
    return done


def penalty(account_id: int) -> Decimal:
    rows = Entry.objects.filter(account=account_id, service=Service.PENALTY)
    return sum((row.amount for row in rows), Decimal(0))


def test_a_debt_paid_in_full_keeps_its_penalty_p2():
    account = new_account()
    charge(account, "2025-01", "10000.00")
    pay(account, "10000.00", date(2025, 7, 10))

    accrue("2025-07")

    assert penalty(account) == Decimal("628.46")
    assert ledger.balance(account) == Decimal("628.46")


@pytest.mark.parametrize(
    ("policy", "amount"), [("next_working", "107.42"), ("same_day", "109.98")], ids=["shifted", "on a Sunday"]
)
def test_the_first_term_on_the_15th_p9_p10(policy, amount):
    if policy != "next_working":
        tariffs.set_policy(
            "due_day_off", value=policy, from_on=date(2020, 1, 1), source="test", at=noon(date(2026, 1, 1))
        )
    account = new_account()
    charge(account, "2026-02", "3500.00")
    pay(account, "3500.00", date(2026, 6, 30))

    accrue("2026-06")

    assert penalty(account) == Decimal(amount)
    due = queries.due_days([Month("2026-01"), Month("2026-02")], policies=queries.policies_on(date(2026, 6, 30)))
    assert list(due.values()) == [date(2026, 2, 10), date(2026, 3, 16 if policy == "next_working" else 15)]


def test_months_add_up_to_one_computation_and_each_tells_its_own_days():
    monthly, at_once = new_account(), new_account()
    for account in (monthly, at_once):
        charge(account, "2026-01", "1000.00")
        charge(account, "2026-02", "800.00")
        pay(account, "300.00", date(2026, 4, 20))

    for month in ("2026-03", "2026-04", "2026-05", "2026-06"):
        actions.accrue_account(monthly, month=Month(month), by=None, at=noon(Month(month).next.first_on))
    actions.accrue_account(at_once, month=Month("2026-06"), by=None, at=noon(date(2026, 7, 1)))

    assert penalty(monthly) == penalty(at_once) > 0
    for accrual in Accrual.objects.filter(account=monthly):
        days = AccrualLine.objects.filter(account=monthly, accrual=accrual).values_list("from_on", flat=True)
        assert {Month.of(day) for day in days} == {Month.of(accrual.month)}


def test_a_second_run_of_the_month_adds_nothing():
    account = new_account()
    charge(account, "2026-01", "1000.00")

    first, second = accrue("2026-06"), accrue("2026-06")

    assert first.accrued == 1 and first.amount > 0
    assert (second.accrued, second.amount) == (0, 0)
    assert Entry.objects.filter(account=account, kind=EntryKind.PENALTY).count() == 1


def test_a_payment_that_turns_out_earlier_takes_penalties_back_by_a_row_of_its_own():
    account = new_account()
    charge(account, "2026-01", "1000.00")
    accrue("2026-05")
    before = penalty(account)

    pay(account, "1000.00", date(2026, 3, 20))
    accrue("2026-06")

    kept = [row.amount for row in Accrual.objects.filter(account=account).order_by("version")]
    assert before > 0 and kept[0] == before and kept[1] < 0
    assert penalty(account) == sum(kept)
    assert penalty(account) == Decimal("2.53")  # 1000 × 9.5 % × 8 / 300: days 31 to 38
    assert AccrualLine.objects.filter(account=account, base__lt=0).exists()


def test_a_payment_taken_back_by_its_bank_was_never_made():
    account = new_account()
    charge(account, "2026-01", "1000.00")
    payment_id = pay(account, "1000.00", date(2026, 2, 5))
    assert accrue("2026-04").amount == 0

    payments.reverse_payment(payment_id, reason="отозван", at=noon(date(2026, 5, 20)))
    accrue("2026-05")

    same = new_account()
    charge(same, "2026-01", "1000.00")
    actions.accrue_account(same, month=Month("2026-05"), by=None, at=noon(date(2026, 6, 1)))
    assert penalty(account) == penalty(same) > 0


def live(first: str, last: str) -> None:
    """Accrue month by month and close each."""
    month = Month(first)
    while month <= Month(last):
        accrue(month.text)
        ledger_actions.close_month(month, at=noon(month.next.first_on), by=None)
        month = month.next


def whole(account_id: int, as_of: date) -> Decimal:
    found = queries.compute([account_id], as_of=as_of, policies=queries.policies_on(as_of))
    return from_kopecks(int(found.totals["amount_kop"].sum()))


def even_in_april() -> int:
    """Make an account that owed nothing on 20 April 2026 and has owed May since, accrued until July."""
    account = new_account()
    charge(account, "2026-01", "1000.00")
    pay(account, "1010.00", date(2026, 4, 20))  # with the penalty of March
    charge(account, "2026-05", "500.00")
    live("2026-01", "2026-07")
    return account


def test_a_book_is_read_since_its_last_even_day_while_the_terms_of_the_past_stand():
    account = even_in_april()
    even = [(row.even_on, row.kept) for row in Accrual.objects.filter(account=account).order_by("version")]
    assert even == [(None, 0), (None, 0), (date(2026, 4, 20), Decimal("3.98"))]

    live("2026-08", "2026-08")

    assert PenaltyRun.objects.latest("pk").reads_since_even
    assert Accrual.objects.filter(account=account).latest("version").even_on == date(2026, 4, 20)
    assert penalty(account) == whole(account, date(2026, 8, 31)) == Decimal("12.35") + Decimal("7.44")

    KeyRate.objects.create(from_on=date(2026, 4, 19), percent=Decimal("5.00"), source="told of late")
    live("2026-09", "2026-09")

    assert not PenaltyRun.objects.latest("pk").reads_since_even
    assert AccrualLine.objects.filter(account=account, debt_month=date(2026, 1, 1), base__lt=0).exists()
    assert penalty(account) == whole(account, date(2026, 9, 30))


def test_no_day_is_even_for_good_while_a_month_before_is_open():
    account = new_account()
    charge(account, "2026-01", "300.00")
    pay(account, "300.00", date(2026, 2, 5))
    charge(account, "2026-05", "500.00")
    live("2026-01", "2026-06")
    accrue("2026-07")
    accrue("2026-08")  # July is open: money of an earlier day may still come into it

    even = [row.even_on for row in Accrual.objects.filter(account=account).order_by("version")]
    assert even == [date(2026, 2, 5), None]


def test_a_payment_that_came_before_the_even_day_and_is_told_of_later_counts_from_its_day():
    account = even_in_april()
    before = penalty(account)

    pay(account, "400.00", date(2026, 3, 1))
    live("2026-08", "2026-08")

    assert PenaltyRun.objects.latest("pk").reads_since_even
    assert penalty(account) == whole(account, date(2026, 8, 31)) < before


def test_a_charge_taken_back_takes_its_penalty_back():
    account = new_account()
    charge(account, "2026-01", "1000.00")
    accrue("2026-05")

    charge(account, "2026-01", "-1000.00", in_month="2026-06", kind=EntryKind.CORRECTION)
    accrue("2026-06")

    assert penalty(account) == 0
    assert ledger.balance(account) == 0


def test_what_was_billed_late_is_overdue_only_after_the_bill_it_came_with():
    account = new_account()
    charge(account, "2026-01", "1000.00", in_month="2026-05")

    accrue("2026-06")

    assert penalty(account) == 0
    tariffs.set_policy(
        "penalty_late_bill", value="own_month", from_on=date(2026, 7, 1), source="t", at=noon(date(2026, 7, 1))
    )
    actions.accrue_account(account, month=Month("2026-07"), by=None, at=noon(date(2026, 8, 1)))
    assert penalty(account) > 0


def test_payments_close_penalties_after_the_price_and_penalties_bear_none():
    account = new_account()
    charge(account, "2026-01", "1000.00")
    accrue("2026-04")
    owed = penalty(account)

    pay(account, str(1000 + owed), date(2026, 5, 3))
    accrue("2026-05")
    rest = penalty(account) - owed

    allocation = payment_queries.allocation_of(account)
    assert {part.service for part in allocation.parts} == {Service.ENERGY, Service.PENALTY}
    assert allocation.owed == rest > 0
    assert accrue("2026-06").amount == 0


def test_named_months_are_paid_first_and_the_oldest_goes_on_being_overdue():
    named, oldest = new_account(), new_account()
    for account, name in ((named, "2026-03"), (oldest, "")):
        charge(account, "2026-01", "1000.00")
        charge(account, "2026-03", "1000.00")
        pay(account, "1000.00", date(2026, 4, 10), named=name)

    accrue("2026-05")

    assert penalty(named) > penalty(oldest) > 0


def test_people_who_pay_each_month_are_not_even_read():
    good, bad = new_account(), new_account()
    for month in ("2026-01", "2026-02", "2026-03", "2026-04"):
        charge(good, month, "500.00")
        charge(bad, month, "500.00")
        pay(good, "500.00", Month(month).next.first_on.replace(day=9))

    first, second = accrue("2026-03"), accrue("2026-04")

    assert first.computed == 2  # nothing was known of them
    assert (second.computed, second.accrued) == (1, 1)
    assert penalty(good) == 0 < penalty(bad)


def test_a_dry_run_foretells_the_real_one_and_posts_nothing():
    accounts = [new_account() for _ in range(3)]
    for place, account in enumerate(accounts):
        charge(account, "2026-01", f"{1000 + place}.55")

    dry = accrue("2026-06", dry=True)

    assert Accrual.objects.count() == Entry.objects.filter(kind=EntryKind.PENALTY).count() == 0
    real = accrue("2026-06")
    assert dry.amount == real.amount
    assert queries.previewed(dry.run_id) == {account: penalty(account) for account in accounts}


def test_shards_of_any_size_give_the_same_as_one_account_alone():
    accounts = [new_account() for _ in range(7)]
    for place, account in enumerate(accounts):
        charge(account, "2026-01", f"{100 + place}.07")
        charge(account, "2026-02", "333.33")
        pay(account, f"{50 + place}", date(2026, 4, 5))

    dry = accrue("2026-06", dry=True, shard_size=2)
    alone = actions.accrue_account(accounts[3], month=Month("2026-06"), by=None, at=noon(date(2026, 7, 1)))
    rest = accrue("2026-06", shard_size=3)

    assert queries.previewed(dry.run_id)[accounts[3]] == alone
    assert dry.amount == alone + rest.amount


def test_after_the_last_known_rate_accounts_are_parked_and_solved_when_it_is_known():
    account = new_account()
    charge(account, "2026-01", "1000.00")

    parked = accrue("2027-01")
    (waiting,) = queries.parked_penalties(parked.run_id)
    assert (parked.parked, parked.amount) == (1, 0)
    assert (waiting.number, waiting.code, waiting.day) == (number_of(account), "N90", date(2027, 1, 31))
    with pytest.raises(DomainError) as refused:
        actions.accrue_account(account, month=Month("2027-01"), by=None, at=noon(date(2027, 2, 1)))
    assert refused.value.code == "penalty_is_not_known"

    tariffs.set_policy(
        "penalty_rate_day", value="each_day", from_on=date(2027, 2, 1), source="t", at=noon(date(2027, 2, 1))
    )
    accrue("2026-12")
    assert PenaltyIssue.objects.filter(account=account, solved_by=None).count() == 0
    assert penalty(account) > 0


def test_penalties_are_in_the_control_totals_of_the_month_and_its_turnover():
    account = new_account()
    charge(account, "2026-01", "1000.00")
    run = accrue("2026-05")

    totals = ledger.month_totals(Month("2026-05")).turnover

    assert totals.penalties == run.amount == penalty(account)


def test_nothing_is_accrued_into_a_closed_month():
    account = new_account()
    charge(account, "2026-01", "1000.00")
    ledger_actions.close_month(Month("2026-01"), at=noon(date(2026, 2, 20)), by=None)

    with pytest.raises(Conflict):
        actions.start_penalties(month=Month("2026-01"), started_by=None, at=noon(date(2026, 3, 1)))
    with pytest.raises(DomainError):
        actions.start_penalties(
            month=Month("2026-03"), as_of=date(2026, 4, 1), started_by=None, at=noon(date(2026, 4, 1))
        )


def test_accruals_are_never_rewritten():
    account = new_account()
    charge(account, "2026-01", "1000.00")
    accrue("2026-05")

    for statement in ("UPDATE debts_accrual SET amount = 0", "DELETE FROM debts_accrual_line"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_shard_reads_in_a_constant_number_of_queries():
    for _ in range(2):
        charge(new_account(), "2026-01", "1000.00")
    actions.start_penalties(month=Month("2026-05"), started_by=None, at=noon(date(2026, 6, 1)))
    few = _queries_of_a_run("2026-05")
    for _ in range(10):
        charge(new_account(), "2026-01", "1000.00")
    many = _queries_of_a_run("2026-06")

    assert many == few


def _queries_of_a_run(month: str) -> int:
    waiting = queries.unfinished_penalty_runs()
    run_id = (
        waiting[0]
        if waiting
        else actions.start_penalties(month=Month(month), started_by=None, at=noon(Month(month).next.first_on))
    )
    with CaptureQueriesContext(connection) as captured:
        jobs.work_off(run_id, at=noon(Month(month).next.first_on))
    return len(captured)
