"""Penalties in the life of a month: accrued between rating and issuing, shown in the bill apart, kept later."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from svet.domains.billing import actions as billing
from svet.domains.billing import jobs as billing_jobs
from svet.domains.billing import queries as bills
from svet.domains.billing.tests.region import AT, OCTOBER, build_street
from svet.domains.debts import actions as debts
from svet.domains.debts import queries as debts_of
from svet.domains.debts.tests.books import charge
from svet.domains.ledger import queries as ledger
from svet.flows import account_pages, penalties, reactions, run_pages
from svet.kernel.errors import Conflict
from svet.kernel.money import round_to_kopeck
from tests import reference


@pytest.fixture
def street(db):
    accounts = build_street(4)
    reference.load(debts, at=AT)
    debts.confirm_key_rates(date(2026, 12, 31), source="test", by=None, at=AT)
    return accounts


def rated() -> int:
    run_id = billing.start_run(month=OCTOBER, started_by=None, at=AT, shard_size=2)
    billing_jobs.work_off(run_id, at=AT)
    return run_id


def issued(run_id: int) -> None:
    penalties.issue_bills(run_id, by=None, at=AT)
    billing_jobs.work_off(run_id, at=AT)


def test_a_bill_shows_the_penalty_apart_with_its_reckoning(street):
    debtor, other = street[:2]
    charge(debtor, "2026-06", "1000.00")

    issued(rated())

    bill = account_pages.document(debtor, month=OCTOBER)
    assert bill.penalties > 0
    assert bill.closing == bill.opening + bill.charged + bill.penalties
    assert round_to_kopeck(sum((row.amount for row in bill.penalty_rows), Decimal(0))) == bill.penalties
    assert {row.debt_month.text for row in bill.penalty_rows} == {"2026-06"}
    assert account_pages.document(other, month=OCTOBER).penalties == 0


def test_bills_penalties_accruals_and_entries_of_a_month_agree(street):
    for place, account in enumerate(street):
        charge(account, "2026-05", f"{1000 + place * 11}.37")

    run_id = rated()
    issued(run_id)

    run = debts_of.penalties_of_month(OCTOBER)
    found = [account_pages.document(account, month=OCTOBER) for account in street]
    assert run.accrued == 4
    assert sum(bill.penalties for bill in found) == run.amount == ledger.month_totals(OCTOBER).turnover.penalties
    assert run_pages.run(run_id, at=AT).penalties.progress == run


@pytest.mark.django_db(transaction=True)
def test_the_fact_that_a_run_is_rated_begins_penalties_once(street):
    rated()
    reactions.deliver_facts(at=AT)
    first = debts_of.penalties_of_month(OCTOBER)
    reactions.deliver_facts(at=AT)

    assert first is not None
    assert debts_of.penalties_of_month(OCTOBER) == first


@pytest.mark.django_db(transaction=True)
def test_a_trial_run_begins_no_penalties_of_the_month(street):
    run_id = billing.start_run(month=OCTOBER, dry=True, started_by=None, at=AT)
    billing_jobs.work_off(run_id, at=AT)
    reactions.deliver_facts(at=AT)

    assert debts_of.penalties_of_month(OCTOBER) is None
    with pytest.raises(Conflict) as refused:
        penalties.issue_bills(run_id, by=None, at=AT)
    assert refused.value.code == "run_is_dry"


def test_bills_wait_until_the_penalties_of_many_accounts_are_accrued(street, monkeypatch):
    monkeypatch.setattr(penalties, "AT_ONCE", 2)
    run_id = rated()

    with pytest.raises(Conflict) as refused:
        penalties.issue_bills(run_id, by=None, at=AT)

    assert refused.value.code == "penalties_are_being_accrued"
    assert bills.run_progress(run_id).state == "rated"


def test_an_unknown_rate_holds_up_no_bill_and_the_penalty_comes_later(db):
    account = build_street(1)[0]
    reference.load(debts, at=AT)
    charge(account, "2026-06", "1000.00")

    run_id = rated()
    issued(run_id)

    assert account_pages.document(account, month=OCTOBER).penalties == 0
    assert [row.code for row in run_pages.run(run_id, at=AT).penalties.parked] == ["N90"]
    assert account_pages.debts(account, on=OCTOBER.last_on).unknown == ("N90", OCTOBER.last_on)


def test_the_page_of_debts_tells_months_stages_and_what_paying_comes_to(street):
    account = street[0]
    for month in ("2026-06", "2026-08", "2026-09"):
        charge(account, month, "1000.00")

    page = account_pages.debts(account, on=date(2026, 11, 1))

    assert [(debt.month.text, debt.due_on, debt.stage.value) for debt in page.debts] == [
        ("2026-06", date(2026, 7, 15), "high"),
        ("2026-08", date(2026, 9, 15), "low"),
        ("2026-09", date(2026, 10, 15), "free"),
    ]
    assert (page.owed, page.overdue) == (Decimal(3000), Decimal(3000))
    assert page.penalty == debts_of.penalty_as_of(account, date(2026, 11, 1)) == page.ahead[0].penalty
    assert page.ahead[0].penalty < page.ahead[1].penalty
    assert page.free_until is None


def test_who_is_late_by_less_than_30_days_is_told_until_when_paying_costs_nothing(street):
    charge(street[0], "2026-09", "1000.00")

    page = account_pages.debts(street[0], on=date(2026, 11, 1))

    assert page.free_until == date(2026, 11, 14)
    assert page.penalty == 0


def test_penalties_can_be_asked_for_any_day_gone_by(street):
    charge(street[0], "2026-02", "3500.00")

    asked = [
        debts_of.penalty_as_of(street[0], day) for day in (date(2026, 4, 15), date(2026, 4, 16), date(2026, 6, 30))
    ]

    assert asked == [Decimal("0.00"), Decimal("1.11"), Decimal("107.42")]
