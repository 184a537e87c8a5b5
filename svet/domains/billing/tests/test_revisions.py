"""Charged months charged anew: counted first, released by stages, taken back; the same to the kopeck each way."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from svet.domains.billing import actions, jobs, queries
from svet.domains.billing.rules.revising import RevisedState, RevisionCause, RevisionState
from svet.domains.billing.tests.region import AT, NOVEMBER, OCTOBER, SEPTEMBER, build_street, drop_category
from svet.domains.ledger import queries as ledger
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.kernel.period import Month
from tests import replay

LATER = AT + timedelta(days=3)
SIZE = 20


@pytest.fixture
def street(db):
    """A street charged for September and October."""
    return replay.once(f"street of {SIZE} charged for two months", charged_street)


def charged_street():
    accounts = build_street(SIZE)
    for month in (SEPTEMBER, OCTOBER):
        bill(month)
    return accounts


def bill(month, at=AT):
    run = actions.start_run(month=month, started_by=None, at=at, shard_size=100)
    jobs.work_off(run, at=at)
    actions.issue_bills(run, at=at)
    jobs.work_off(run, at=at)


def ask(first_month=SEPTEMBER, **more):
    words = {"scope": "all", "cause": RevisionCause.RESIDENTS, "reason": "Сведения о проживающих уточнены", "by": 1}
    return actions.ask_revision(first_month=first_month, at=LATER, **(words | more))


def work(revision, at=LATER):
    while actions.revise_piece(revision, at=at):
        pass
    return queries.revision(revision)


def counted(**more):
    revision = ask(**more)
    assert work(revision).state is RevisionState.COUNTED
    return revision


def residents(accounts, registered, since="2020-01-01"):
    """More people in these homes, it turns out, ever since: a higher social norm for all months."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_household SET registered = %s, valid = daterange(%s, NULL) WHERE account_id = ANY(%s)",
            [registered, since, accounts],
        )


def differences(revision, state):
    rows = queries.revised_accounts(revision, states=[state], limit=100)
    return {one.account_number: one.difference for one in rows}


def balances(accounts):
    return ledger.balances(accounts)


def standing(account, month):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(amount), count(*) FROM billing_charge c WHERE account_id = %s AND month = %s"
            " AND reverses_id IS NULL AND NOT EXISTS (SELECT 1 FROM billing_charge n WHERE n.reverses_id = c.id)",
            [account, month.first_on],
        )
        return cursor.fetchone()


def test_where_nothing_changed_nothing_would_be_revised(street):
    """The second rating of a month, by what stood then, is the first one to the kopeck: estimated accounts too."""
    revision = queries.revision(counted())

    assert revision.states == {RevisedState.SAME: SIZE}
    assert revision.totals["changed"] == 0


def november_readings(accounts):
    """Everybody reads in November, also who did not in October: what was estimated is settled."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO metering_reading (account_id, register_id, value, taken_on, kind, channel, received_at,"
            " verdict, findings) SELECT account_id, register_id, max(value) + 250, '2026-11-23', 'regular', 'import',"
            " '2026-11-23', 'accepted', '[]' FROM metering_reading WHERE account_id = ANY(%s)"
            " GROUP BY account_id, register_id",
            [accounts],
        )


def test_months_in_which_estimates_were_settled_come_out_the_same_again(street):
    november_readings(street)
    bill(NOVEMBER, at=AT + timedelta(days=30))

    assert queries.revision(counted(first_month=OCTOBER)).states == {RevisedState.SAME: SIZE}
    assert queries.revision(counted(first_month=SEPTEMBER)).states == {RevisedState.SAME: SIZE}


def test_a_revision_over_settled_estimates_comes_to_what_was_used(street):
    """Estimated, settled and revised: in the end each home is charged for the energy between its readings."""
    november_readings(street)
    bill(NOVEMBER, at=AT + timedelta(days=30))
    residents(street, 4)
    revision = counted()
    actions.release_revision(revision, percent=100, by=2, at=LATER)
    work(revision)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, sum(kwh) FROM billing_charge WHERE account_id = ANY(%s) GROUP BY account_id", [street]
        )
        charged = dict(cursor.fetchall())
        cursor.execute(
            "SELECT account_id, max(value) - min(value) FROM metering_reading"
            " WHERE account_id = ANY(%s) GROUP BY account_id",
            [street],
        )
        used = dict(cursor.fetchall())
    assert charged == used
    assert queries.revision(counted(reason="Ещё раз")).states == {RevisedState.SAME: SIZE}


def test_counting_changes_nothing(street):
    residents(street, 4)
    before, entries = balances(street), ledger_rows()

    revision = queries.revision(counted())

    assert revision.states[RevisedState.COUNTED] > 0
    assert balances(street) == before
    assert ledger_rows() == entries


def ledger_rows():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), sum(amount) FROM ledger_entry")
        return cursor.fetchone()


def test_what_is_released_is_what_was_counted_and_what_a_first_charge_would_have_been(street):
    residents(street, 4)
    before, revision = balances(street), counted()
    told = differences(revision, RevisedState.COUNTED)

    actions.release_revision(revision, percent=100, by=2, at=LATER)
    assert work(revision).state is RevisionState.RELEASED

    after = balances(street)
    moved = {number_of(one): after[one] - before[one] for one in street if after[one] != before[one]}
    assert moved == told
    assert queries.revision(counted(reason="Ещё раз")).states == {RevisedState.SAME: SIZE}
    for one in street:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sum(l.amount) FROM billing_line l JOIN billing_charge c ON c.id = l.charge_id"
                " WHERE c.account_id = %s",
                [one],
            )
            assert cursor.fetchone()[0] == after[one]


def number_of(account):
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM accounts_account WHERE id = %s", [account])
        return cursor.fetchone()[0]


def test_stages_take_the_same_accounts_and_only_more_of_them(street):
    residents(street, 4)
    revision = counted()
    to_change = queries.revision(revision).states[RevisedState.COUNTED]

    released = []
    for percent in (30, 60, 100):
        actions.release_revision(revision, percent=percent, by=2, at=LATER)
        work(revision)
        released.append(queries.revision(revision).states.get(RevisedState.RELEASED, 0))

    assert released == sorted(released)
    assert released[0] < released[-1] == to_change
    with pytest.raises(Conflict) as caught:
        actions.release_revision(revision, percent=100, by=2, at=LATER)
    assert caught.value.code == "stage_is_released"


def test_an_account_that_changed_since_it_was_counted_is_left_alone(street):
    residents(street, 4)
    revision, one = counted(), street[3]
    before = balances([one])
    residents([one], 1)

    actions.release_revision(revision, percent=100, by=2, at=LATER)
    work(revision)

    assert balances([one]) == before
    assert list(differences(revision, RevisedState.CHANGED)) == [number_of(one)]


def test_taking_back_restores_to_the_kopeck_by_reversal(street):
    residents(street, 4)
    before, revision = balances(street), counted()
    charges = {(one, month): standing(one, month) for one in street for month in (SEPTEMBER, OCTOBER)}
    actions.release_revision(revision, percent=100, by=2, at=LATER)
    work(revision)

    actions.take_revision_back(revision, reason="Решение отменено", by=2, at=LATER)
    assert work(revision).state is RevisionState.TAKEN_BACK

    assert balances(street) == before
    assert {(one, month): standing(one, month) for one in street for month in (SEPTEMBER, OCTOBER)} == charges


def test_a_charge_of_no_run_still_tells_the_policies_it_was_made_by(street):
    residents(street, 4)
    of_the_run, revision = applied(street[0]), counted()
    actions.release_revision(revision, percent=100, by=2, at=LATER)
    work(revision)
    assert applied(street[0]) == of_the_run != {}

    actions.take_revision_back(revision, reason="Решение отменено", by=2, at=LATER)
    work(revision)
    assert applied(street[0]) == of_the_run


def applied(account):
    """The policies of the last charge of October."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM billing_charge WHERE account_id = %s AND month = %s ORDER BY version DESC LIMIT 1",
            [account, OCTOBER.first_on],
        )
        return queries.explain(account, cursor.fetchone()[0]).policies


def test_what_was_revised_once_more_since_is_not_taken_back_under_it(street):
    residents(street, 4)
    first = counted()
    actions.release_revision(first, percent=100, by=2, at=LATER)
    work(first)
    residents(street[:5], 1)
    second = counted(reason="Уточнено ещё раз")
    actions.release_revision(second, percent=100, by=2, at=LATER)
    work(second)
    before = balances(street[:5])

    actions.take_revision_back(first, reason="Решение отменено", by=2, at=LATER)
    work(first)

    assert balances(street[:5]) == before
    assert queries.revision(first).states == {RevisedState.RELIED_ON: 5, RevisedState.TAKEN_BACK: SIZE - 5}
    assert all(standing(one, month)[1] == 1 for one in street for month in (SEPTEMBER, OCTOBER))


def test_the_month_after_a_revision_is_charged_as_if_the_months_had_been_right_at_once(street):
    """October is by average for every tenth home: what was estimated is taken back in November, at the new prices."""
    residents(street, 4)
    revision = counted()
    actions.release_revision(revision, percent=100, by=2, at=LATER)
    work(revision)

    bill(NOVEMBER, at=AT + timedelta(days=30))

    assert all(standing(one, NOVEMBER)[1] == 1 for one in street)


def test_the_bill_of_the_next_month_shows_the_difference_as_a_correction(street):
    residents(street, 4)
    revision = counted()
    actions.release_revision(revision, percent=100, by=2, at=LATER)
    work(revision)
    difference = differences(revision, RevisedState.RELEASED)

    bill(NOVEMBER, at=AT + timedelta(days=30))

    for one in street:
        row = queries.bill_of_month(one, month=NOVEMBER)
        document = queries.bill_document(one, row.bill_id)
        assert document.corrected == difference.get(number_of(one), Decimal("0.00"))


def test_an_account_that_cannot_be_rated_is_held_and_the_others_go_on(street):
    residents(street, 4)
    drop_category(street[0])

    revision = queries.revision(counted())

    (held,) = queries.revised_accounts(revision.revision_id, states=[RevisedState.HELD], limit=9)
    assert held.account_number == number_of(street[0])
    assert held.findings
    assert revision.states[RevisedState.COUNTED] > 10


def test_a_reading_corrected_after_the_bill_stays_with_the_bill_that_took_it(street):
    """The correction counts for November: September and October are what they were."""
    one = street[4]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO metering_reading (account_id, register_id, value, taken_on, kind, channel, received_at,"
            " verdict, findings, counts_from, replaces_id) SELECT account_id, register_id, value - 20, taken_on, kind,"
            " channel, %s, 'accepted', '[]', '2026-11-01', id FROM metering_reading WHERE account_id = %s"
            " ORDER BY taken_on DESC LIMIT 1",
            [LATER, one],
        )

    assert queries.revision(counted()).states == {RevisedState.SAME: SIZE}


def test_one_account_and_one_postal_code_can_be_revised_alone(street):
    residents(street, 4)

    alone = queries.revision(counted(scope=f"account:{number_of(street[2])}"))
    half = queries.revision(counted(scope="postal:600902"))
    none = queries.revision(counted(scope="category:urban_gas"))

    assert (alone.account_count, half.account_count, none.account_count) == (1, SIZE // 2, SIZE)
    assert alone.done == 1
    assert half.done == SIZE // 2


def test_what_cannot_be_asked_is_refused(street):
    for words, code in (
        ({"reason": "  "}, "reason_is_needed"),
        ({"scope": "street:1"}, "unknown_scope"),
        ({"first_month": Month("2026-11")}, "nothing_is_charged_since"),
        ({"first_month": Month("2020-01")}, "revision_goes_too_far_back"),
    ):
        with pytest.raises(DomainError) as caught:
            ask(**words)
        assert caught.value.code == code
    assert ask(first_month=Month("2020-01"), beyond_limit_reason="Решение суда от 1 октября 2026")
    with pytest.raises(Conflict) as caught:
        ask()
    assert caught.value.code == "revision_is_under_way"


def test_what_cannot_be_done_with_a_revision_is_refused(street):
    revision = ask()
    for act, code in (
        (lambda: actions.release_revision(revision, percent=50, by=1, at=LATER), "revision_cannot_be_released"),
        (lambda: actions.release_revision(revision, percent=0, by=1, at=LATER), "stage_is_a_per_cent"),
        (lambda: actions.take_revision_back(revision, reason="Так", by=1, at=LATER), "nothing_was_released"),
        (lambda: actions.take_revision_back(revision, reason=" ", by=1, at=LATER), "reason_is_needed"),
    ):
        with pytest.raises(DomainError) as caught:
            act()
        assert caught.value.code == code
    actions.cancel_revision(revision, by=1, at=LATER)
    assert actions.revise_piece(revision, at=LATER) is False
    with pytest.raises(NotFound):
        actions.cancel_revision(10**9, by=1, at=LATER)


def test_no_revision_begins_while_a_month_is_being_charged(street):
    actions.start_run(month=NOVEMBER, started_by=None, at=AT, shard_size=100)

    with pytest.raises(Conflict) as caught:
        ask()
    assert caught.value.code == "run_is_under_way"


def test_a_piece_that_dies_is_done_again_and_nothing_twice(street, monkeypatch):
    monkeypatch.setattr("svet.domains.billing.actions.revising_accounts.PIECE", 7)
    residents(street, 4)
    revision = ask()
    actions.revise_piece(revision, at=LATER)
    actions.revise_piece(revision, at=LATER)
    half = queries.revision(revision).done

    work(revision)

    assert half == 14
    assert queries.revision(revision).done == SIZE
    whole = differences(revision, RevisedState.COUNTED)
    again = counted(reason="Одним куском")
    assert whole == differences(again, RevisedState.COUNTED)
