"""The last bill of one account: outside the month's run, charged once, taken back to the kopeck."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from svet.domains.accounts import actions as accounts
from svet.domains.accounts import queries as account_queries
from svet.domains.billing import actions, jobs, queries
from svet.domains.billing.models import Charge
from svet.domains.billing.tests.region import AT, OCTOBER, SEPTEMBER, build_street, sums
from svet.domains.ledger import queries as ledger
from svet.infra.clock import MOSCOW
from svet.kernel.errors import Conflict, NotFound

pytestmark = pytest.mark.django_db
LEFT_ON = date(2026, 10, 25)
LEAVING = datetime(2026, 10, 25, 12, tzinfo=MOSCOW)


@pytest.fixture
def street():
    built = build_street(5)
    issued(SEPTEMBER)
    return built


def issued(month):
    run_id = actions.start_run(month=month, started_by=None, at=AT, shard_size=3)
    jobs.work_off(run_id, at=AT)
    actions.issue_bills(run_id, at=AT)
    jobs.work_off(run_id, at=AT)
    return run_id


def leave(account_id, on=LEFT_ON):
    for agreement in account_queries.card(account_id, date(2026, 10, 1)).agreements:
        accounts.end_agreement(agreement.id, until_on=on, at=LEAVING)


def bill_finally(account_id, month=OCTOBER):
    return actions.bill_finally(account_id, month=month, at=LEAVING, by=None)


def test_one_who_leaves_gets_the_last_bill_at_once_and_owes_it_today(street):
    before = ledger.balance(street[0], on=LEFT_ON)
    leave(street[0])

    final = bill_finally(street[0])

    assert final.amount > 0
    assert ledger.balance(street[0], on=LEFT_ON) == before + final.amount == final.closing
    assert queries.bills_of(street[0])[0].number == final.number == "2610-00000001"


def test_the_months_run_does_not_bill_again_and_numbers_go_on(street):
    leave(street[0])
    final = bill_finally(street[0])

    run_id = issued(OCTOBER)

    assert [one.amount for one in queries.charges_of(street[0], month=OCTOBER)] == [final.amount]
    assert sums(run_id)[0] == 4
    numbers = sorted(queries.bills_of(account)[0].number for account in street)
    assert numbers == [f"2610-{place:08d}" for place in range(1, 6)]
    actions.close_month(SEPTEMBER, at=AT, by=None)
    actions.close_month(OCTOBER, at=AT, by=None)


def test_a_last_bill_costs_what_the_months_run_would_charge(street):
    leave(street[0])
    foretold = queries.preview_charge(street[0], month=OCTOBER)

    final = bill_finally(street[0])

    assert (final.kwh, final.amount) == (foretold.kwh, foretold.amount)


def test_a_last_bill_taken_back_leaves_nothing_and_the_month_is_charged_anew(street):
    before = ledger.balance(street[0])
    leave(street[0])
    final = bill_finally(street[0])

    taken = actions.reverse_final_bill(final.run_id, account_id=street[0], at=LEAVING, reason="Не уехал")

    assert taken == final.amount
    assert ledger.balance(street[0]) == before
    assert queries.charged_months(street[0]) == [SEPTEMBER]
    with pytest.raises(Conflict):
        actions.reverse_final_bill(final.run_id, account_id=street[0], at=LEAVING, reason="Ещё раз")

    issued(OCTOBER)
    assert ledger.balance(street[0]) == before + final.amount
    assert [one.version for one in queries.charges_of(street[0], month=OCTOBER)] == [3, 2, 1]
    assert sum(one.amount for one in queries.charges_of(street[0], month=OCTOBER)) == final.amount


def test_a_reversal_has_lines_and_volumes_that_add_up(street):
    leave(street[0])
    final = bill_finally(street[0])
    actions.reverse_charges(street[0], month=OCTOBER, at=LEAVING, reason="Ошибка")

    reversal = Charge.objects.get(account_id=street[0], month=OCTOBER.first_on, version=2)

    assert reversal.amount == -final.amount
    assert sum(line.amount for line in reversal.lines.all()) == reversal.amount
    assert sum(volume.kwh for volume in reversal.volumes.all()) == reversal.kwh
    policies = [queries.explain(street[0], number).policies for number in (reversal.reverses_id, reversal.pk)]
    assert policies[0] == policies[1] != {}


def test_what_cannot_be_billed_finally_is_refused_and_leaves_nothing(street):
    stays, waits = street[0], street[1]
    with pytest.raises(Conflict) as supplied:
        bill_finally(stays)
    leave(stays)
    bill_finally(stays)
    with pytest.raises(Conflict) as twice:
        bill_finally(stays)
    actions.reverse_charges(waits, month=SEPTEMBER, at=LEAVING, reason="Ошибка")
    leave(waits)
    with pytest.raises(Conflict) as early:
        bill_finally(waits)

    assert [one.value.code for one in (supplied, twice, early)] == [
        "still_supplied", "month_is_charged", "earlier_month_waits",
    ]  # fmt: skip
    assert queries.charges_of(waits, month=OCTOBER) == []


def test_an_earlier_month_is_not_taken_back_under_a_later_one_nor_anothers_bill(street):
    leave(street[0])
    final = bill_finally(street[0])

    with pytest.raises(Conflict):
        actions.reverse_charges(street[0], month=SEPTEMBER, at=LEAVING, reason="Ошибка")
    with pytest.raises(NotFound):
        actions.reverse_final_bill(final.run_id, account_id=street[1], at=LEAVING, reason="Чужой")
    assert ledger.balance(street[0]) == final.closing


def test_a_month_with_last_bills_alone_cannot_be_closed(street):
    actions.close_month(SEPTEMBER, at=AT, by=None)
    leave(street[0])
    bill_finally(street[0])

    with pytest.raises(Conflict) as refused:
        actions.close_month(OCTOBER, at=AT, by=None)

    assert refused.value.code == "month_is_not_billed"
    assert ledger.balance(street[0]) > Decimal(0)
