"""A month from start to close: rated once, parked with reasons, billed without gaps, explained."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from svet.domains.billing import actions, jobs, queries
from svet.domains.billing.actions.turning import turn
from svet.domains.billing.models import Charge
from svet.domains.billing.queries.inputs import Span
from svet.domains.billing.rules import IssueState, RunState
from svet.domains.billing.tests.region import (
    AT,
    NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    build_street,
    drop_category,
    numbers,
    restore_category,
    sums,
)
from svet.domains.ledger import queries as ledger
from svet.domains.metering.rules import VolumeBasis
from svet.infra.models import Fact
from svet.kernel.errors import Conflict, NotFound

pytestmark = pytest.mark.django_db


def rated(month=OCTOBER, *, shard_size=7, **terms):
    run_id = actions.start_run(month=month, started_by=None, at=AT, shard_size=shard_size, **terms)
    jobs.work_off(run_id, at=AT)
    return run_id


def issued(run_id):
    actions.issue_bills(run_id, at=AT)
    return jobs.work_off(run_id, at=AT)


@pytest.fixture
def street():
    return build_street(20)


def test_every_account_is_billed_and_the_three_sums_agree(street):
    progress = queries.run_progress(rated())

    assert (progress.state, progress.accounts, progress.billed, progress.parked) == (RunState.RATED, 20, 20, 0)
    count, charges, lines, entries = sums(progress.run_id)
    assert count == 20
    assert charges == lines == entries == progress.amount > 0
    assert progress.totals["agree"] is True


def test_the_second_month_goes_on_where_the_first_stopped(street):
    issued(rated(SEPTEMBER))

    rated(OCTOBER)

    charge = queries.charges_of(street[0], month=OCTOBER)[0]
    assert (charge.kwh, charge.basis) == (Decimal(101), VolumeBasis.MEASURED)
    by_average = queries.charges_of(street[9], month=OCTOBER)[0]
    assert (by_average.basis, by_average.estimated_months) == (VolumeBasis.AVERAGE, 1)


def test_rating_a_shard_again_changes_nothing(street):
    run_id = rated()
    before = sums(run_id)

    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM billing_run_shard WHERE run_id = %s", [run_id])
        repeated = [actions.rate_shard(row[0], at=AT) for row in cursor.fetchall()]

    assert not any(repeated)
    assert sums(run_id) == before


@pytest.mark.parametrize(
    ("more", "waits"),
    [
        ([], False),
        (["reversal"], True),
        (["reversal", "charge"], False),
        (["reversal", "charge", "reversal"], False),  # the first one is reversed twice, the second one stands
    ],
)
def test_whoever_has_a_charge_that_stands_is_not_rated_again(street, more, waits):
    rated()
    with connection.cursor() as cursor:
        for version, kind in enumerate(more, start=2):
            cursor.execute(_ONE_MORE, {"account": street[0], "version": version, "reversing": kind == "reversal"})

    found = queries.accounts_to_rate(Span(street[0], street[0]), month=OCTOBER)

    assert found["account_id"].to_list() == ([street[0]] if waits else [])


_ONE_MORE = """
INSERT INTO billing_charge (account_id, supply_point_id, month, version, reverses_id, kwh, amount, vat_percent, vat,
                            basis, estimated_months, facts, calculated_at)
SELECT account_id, supply_point_id, month, %(version)s, CASE WHEN %(reversing)s THEN id END, kwh, amount, vat_percent,
       vat, basis, estimated_months, facts, calculated_at
  FROM billing_charge WHERE account_id = %(account)s AND version = 1
"""


def test_a_second_run_of_the_month_is_refused_and_a_narrower_one_finds_nothing_to_do(street):
    run_id = rated()

    with pytest.raises(Conflict):
        actions.start_run(month=OCTOBER, started_by=None, at=AT)
    narrower = queries.run_progress(rated(scope="postal:600901"))

    assert (narrower.accounts, narrower.billed) == (0, 0)
    assert sums(run_id)[0] == 20


def test_a_run_may_be_for_one_post_office_or_one_account(street):
    post_office = queries.run_progress(rated(scope="postal:600902"))
    one = queries.run_progress(rated(scope="account:7700000001"))

    assert (post_office.billed, one.billed) == (10, 1)
    with pytest.raises(queries.UnknownScope):
        actions.start_run(month=OCTOBER, scope="house:1", started_by=None, at=AT)


def test_a_dry_run_foretells_the_real_one_to_the_kopeck_and_posts_nothing(street):
    issued(rated(SEPTEMBER))

    dry = rated(dry=True)
    assert sums(dry)[0] == 0
    foretold = {row.account_id: row.amount for row in queries.previews(dry)}
    rated()

    assert foretold == {account: queries.charges_of(account, month=OCTOBER)[0].amount for account in street}


def test_previews_show_the_largest_difference_in_roubles_first(street):
    issued(rated(SEPTEMBER))

    found = queries.previews(rated(dry=True), limit=5)

    differences = [abs(row.difference) for row in found]
    assert len(found) == 5
    assert differences == sorted(differences, reverse=True)
    assert all(row.amount - row.previous_amount == row.difference for row in found)


def test_an_account_that_cannot_be_rated_is_parked_with_the_reason_and_the_others_are_billed(street):
    drop_category(street[4])

    run_id = rated()

    waiting = queries.parked(run_id)
    assert [row.account_id for row in waiting] == [street[4]]
    assert any(finding.level == "hold" for finding in waiting[0].findings)
    assert queries.run_progress(run_id).billed == 19
    assert ledger.balance(street[4]) == 0


def test_a_parked_account_is_rated_alone_in_the_same_run_once_its_data_are_mended(street):
    drop_category(street[4])
    run_id = rated()
    issue = queries.parked(run_id)[0]

    assert not actions.retry_parked(issue.issue_id, at=AT)
    restore_category(street[4])
    assert actions.retry_parked(issue.issue_id, at=AT)
    assert actions.retry_parked(issue.issue_id, at=AT)

    progress = queries.run_progress(run_id)
    assert (progress.billed, progress.parked, progress.totals["agree"]) == (20, 0, True)
    assert queries.parked(run_id)[0].state == IssueState.SOLVED
    assert ledger.balance(street[4]) == queries.charges_of(street[4])[0].amount


def test_all_that_wait_for_one_cause_are_rated_again_by_a_worker_at_once(street):
    for account in street[4:7]:
        drop_category(account)
    run_id = rated()
    (cause,) = queries.parked_causes(run_id)

    assert cause.count == 3
    assert cause.example[0].code in cause.codes
    for account in street[4:6]:
        restore_category(account)
    assert actions.retry_waiting(run_id, codes=cause.codes, by=None, at=AT) == 3
    assert actions.is_retrying(run_id, codes=cause.codes)
    with pytest.raises(Conflict, match="retry_is_under_way"):
        actions.retry_waiting(run_id, codes=cause.codes, by=None, at=AT)
    assert jobs.retry_waiting(run_id, codes=list(cause.codes)) == 2

    assert [one.count for one in queries.parked_causes(run_id)] == [1]
    assert [one.account_id for one in queries.parked(run_id, codes=cause.codes) if one.state == "parked"] == [street[6]]
    assert queries.parked(run_id, codes=("X99",)) == []
    assert queries.run_progress(run_id).totals["agree"]


def test_nothing_is_rated_again_for_a_cause_for_which_nobody_waits(street):
    run_id = rated()

    assert actions.retry_waiting(run_id, codes=("F02",), by=None, at=AT) == 0
    assert not actions.is_retrying(run_id, codes=("F02",))


def test_bills_are_numbered_without_gaps_in_the_order_of_accounts(street):
    progress = issued(rated())

    assert numbers(progress.run_id) == list(range(1, 21))
    assert progress.is_issued
    assert queries.bills_of(street[0])[0].number == "2610-00000001"


def test_an_account_billed_late_gets_the_next_number(street):
    drop_category(street[4])
    run_id = rated()
    issued(run_id)

    restore_category(street[4])
    actions.retry_parked(queries.parked(run_id)[0].issue_id, at=AT)

    assert queries.bills_of(street[4])[0].number == "2610-00000020"
    assert numbers(run_id) == list(range(1, 21))


def test_asking_twice_to_issue_bills_reserves_numbers_once(street):
    run_id = rated()

    assert (actions.issue_bills(run_id, at=AT), actions.issue_bills(run_id, at=AT)) == (20, 20)
    jobs.work_off(run_id, at=AT)
    jobs.work_off(run_id, at=AT)

    assert numbers(run_id) == list(range(1, 21))


def test_a_bill_carries_the_balance_before_and_is_due_on_the_fifteenth_or_the_next_working_day(street):
    issued(rated(SEPTEMBER))
    actions.close_month(SEPTEMBER, at=AT, by=None)

    issued(rated(OCTOBER))

    october, september = queries.bills_of(street[0])
    assert october.opening == september.closing == september.charged
    assert october.closing == october.opening + october.charged == ledger.balance(street[0])
    assert (september.due_on, october.due_on) == (date(2026, 10, 15), date(2026, 11, 16))


def test_each_bill_and_the_rating_leave_a_fact(street):
    run_id = rated()
    issued(run_id)

    bills = Fact.objects.filter(name="billing.bill_issued", account_id=street[0]).values_list("payload", flat=True)
    assert [(one["number"], one["month"], one["run_id"]) for one in bills] == [(1, "2026-10", run_id)]
    assert Fact.objects.filter(name="billing.run_rated").count() == 1
    assert Fact.objects.filter(name="billing.bill_issued").count() == 20


def test_a_month_closes_only_when_bills_are_out_and_parked_accounts_are_known_about(street):
    drop_category(street[4])
    with pytest.raises(Conflict) as not_billed:
        actions.close_month(OCTOBER, at=AT, by=None)
    run_id = rated()
    with pytest.raises(Conflict) as not_issued:
        actions.close_month(OCTOBER, at=AT, by=None)
    issued(run_id)
    with pytest.raises(Conflict) as waiting:
        actions.close_month(OCTOBER, at=AT, by=None)

    totals = actions.close_month(OCTOBER, at=AT, by=None, leave_parked=True)

    codes = [error.value.code for error in (not_billed, not_issued, waiting)]
    assert codes == ["month_is_not_billed", "bills_are_not_issued", "accounts_are_parked"]
    assert Decimal(totals["charged"]) == sums(run_id)[1]
    assert queries.run_progress(run_id).state == RunState.CLOSED
    with pytest.raises(Conflict):
        actions.start_run(month=OCTOBER, scope="postal:600901", started_by=None, at=AT)


def test_bills_of_a_dry_or_unrated_run_are_refused(street):
    unrated = actions.start_run(month=OCTOBER, started_by=None, at=AT)

    for run_id in (unrated, rated(dry=True)):
        with pytest.raises(Conflict):
            actions.issue_bills(run_id, at=AT)


def test_a_run_that_charged_nobody_can_be_cancelled_and_started_anew(street):
    first = actions.start_run(month=OCTOBER, started_by=None, at=AT)

    actions.cancel_run(first, at=AT, reason="не тот тариф")
    jobs.work_off(first, at=AT)
    second = rated()

    assert sums(first)[0] == 0
    with pytest.raises(Conflict):
        actions.cancel_run(second, at=AT, reason="поздно")


def test_why_this_much_leads_to_readings_prices_rules_and_policies(street):
    issued(rated(SEPTEMBER))
    rated(OCTOBER)
    charge = queries.charges_of(street[0], month=OCTOBER)[0]

    why = queries.explain(street[0], charge.charge_id)

    assert sum(line.amount for line in why.lines) == why.amount
    assert sum(volume.kwh for volume in why.volumes) == why.kwh == 101
    measured = why.volumes[0]
    assert (measured.start.taken_on, measured.end.taken_on) == (date(2026, 9, 23), date(2026, 10, 23))
    assert measured.end.value - measured.start.value == 101
    assert measured.rule.statement
    assert why.lines[0].order_number
    assert why.policies["average_limit_months"] == "3"


@pytest.mark.parametrize("table", ["billing_line", "billing_volume"])
def test_the_parts_of_a_charge_are_of_its_own_account(street, table):
    rated(OCTOBER)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE part ON COMMIT DROP AS SELECT * FROM {table} LIMIT 1")
        cursor.execute("UPDATE part SET account_id = %s, number = 99", [street[-1]])
        with pytest.raises(IntegrityError, match=f"in {table} charge_id"):
            cursor.execute(f"INSERT INTO {table} SELECT * FROM part")


def test_nobody_sees_the_bill_or_the_reasons_of_another_account(street):
    issued(rated())
    mine = queries.bills_of(street[0])[0]
    charge = queries.charges_of(street[0])[0]

    for ask in (
        lambda: queries.bill(street[1], mine.bill_id),
        lambda: queries.bill_document(street[1], mine.bill_id),
        lambda: queries.explain(street[1], charge.charge_id),
    ):
        with pytest.raises(NotFound):
            ask()


def test_the_document_says_what_the_bill_was_issued_with(street):
    issued(rated(SEPTEMBER))
    issued(rated(OCTOBER))
    bill = queries.bills_of(street[0])[0]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_customer SET family_name = 'Другая'")

    document = queries.bill_document(street[0], bill.bill_id)

    assert document.payer == "Жильцова Анна"
    assert document.address == "г. Светлогорье, ул. Тестовая, д. 1, кв. 1"
    assert (document.number, document.kwh, document.residents) == ("2610-00000001", Decimal(101), 2)
    row = document.supply_points[0].rows[0]
    assert (row.serial, row.previous_on, row.current_on) == ("street-1", date(2026, 9, 23), date(2026, 10, 23))
    assert sum(line.amount for line in document.lines) == document.charged
    assert [bar.kwh for bar in document.chart[-2:]] == [queries.charges_of(street[0], month=SEPTEMBER)[0].kwh, 101]
    assert len(document.chart) == 12
    assert document.to_pay == document.closing


def test_the_chart_of_a_bill_stays_as_it_was_charged_when_a_month_is_corrected_later(street):
    issued(rated(SEPTEMBER))
    issued(rated(OCTOBER))
    bill = queries.bills_of(street[0])[0]
    before = queries.bill_document(street[0], bill.bill_id).chart
    september = Charge.objects.get(account=street[0], month=SEPTEMBER.first_on)

    with transaction.atomic():
        turn([september.pk], reversing=True, at=AT)

    assert before[-2].kwh == september.kwh > 0
    assert queries.bill_document(street[0], bill.bill_id).chart == before


def test_documents_of_a_run_cost_the_same_number_of_queries_however_many_there_are(street, django_assert_num_queries):
    run_id = rated(shard_size=20)
    issued(run_id)

    with django_assert_num_queries(5):
        documents = list(queries.bill_documents(run_id, shard=1))

    assert [document.account_id for document in documents] == street


def test_loading_a_shard_takes_the_same_queries_for_one_account_and_for_twenty(street):
    counts = []
    for last in (street[0], street[-1]):
        with connection.execute_wrapper(_counting(seen := [])):
            queries.load_inputs(queries.Span(street[0], last), month=NOVEMBER)
        counts.append(len(seen))

    assert counts[0] == counts[1]


def _counting(seen):
    def wrapper(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    return wrapper


def test_a_meter_that_tells_itself_is_never_late(street):
    silent = street[9]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO metering_reading (account_id, register_id, value, taken_on, kind, channel, received_at,"
            " verdict, findings, counts_from)"
            " SELECT account_id, register_id, max(value) + 111, '2026-10-30', 'regular',"
            " 'smart_meter', '2026-10-30', 'accepted', '[]', '2026-10-01' FROM metering_reading WHERE account_id = %s"
            " GROUP BY account_id, register_id",
            [silent],
        )

    rated(OCTOBER)

    charge = queries.charges_of(silent, month=OCTOBER)[0]
    assert charge.basis == VolumeBasis.MEASURED


def test_the_sums_of_a_run_look_no_charge_up_by_itself_though_nothing_is_known_of_the_new_month(street):
    actions.start_run(month=OCTOBER, started_by=None, at=AT)
    with CaptureQueriesContext(connection) as asked:
        jobs.work_off(queries.unfinished_runs()[0][0], at=AT)
    said = [one["sql"] for one in asked]
    place = next(number for number, sql in enumerate(said) if "counted AS MATERIALIZED" in sql)
    with connection.cursor() as cursor:
        cursor.execute(said[place - 1])
        cursor.execute(f"EXPLAIN {said[place]}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "ledger_entry" in plan and "billing_line" in plan
    assert "Nested Loop" not in plan and "an_entry_is_posted_once" not in plan
