"""Benefits in charges: a line less, why, what the authority is told; entered late, ended early."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import Error, connection, transaction

from svet.domains.benefits import actions as benefits
from svet.domains.benefits import queries as entitled
from svet.domains.benefits.rules import EntitlementRefused, Paper
from svet.domains.billing import actions, jobs, queries
from svet.domains.billing.rules.revising import RevisionCause
from svet.domains.billing.tests.region import AT, NOVEMBER, OCTOBER, SEPTEMBER, build_street
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.errors import Conflict, NotFound

pytestmark = pytest.mark.django_db

PAPER = Paper(
    kind_code="disabled",
    holder="О'Нил-Иванова Анна 🌞",
    document="справка МСЭ-2025 № 1",
    from_on=date(2026, 1, 1),
    reason="заявление",
    request_key="1" * 32,
)


@pytest.fixture
def street():
    benefits.load_kinds(at=AT)
    return build_street(10)


def point_of(account_id):
    with connection.cursor() as cursor:
        cursor.execute("SELECT supply_point_id FROM accounts_agreement WHERE account_id = %s", [account_id])
        return cursor.fetchone()[0]


def entitle(account_id, **terms):
    paper = replace(PAPER, **terms)
    return benefits.open_entitlement(paper, account_id=account_id, supply_point_id=point_of(account_id), by=None, at=AT)


def charge(month=OCTOBER, at=AT):
    run = actions.start_run(month=month, started_by=None, at=at)
    jobs.work_off(run, at=at)
    actions.issue_bills(run, at=at)
    jobs.work_off(run, at=at)


def why_of(account_id, month=OCTOBER):
    return queries.explain(account_id, queries.charges_of(account_id, month=month)[0].charge_id)


def less_of(account_id, month=OCTOBER):
    return {line.rule_code: line for line in why_of(account_id, month).lines if line.rule_code.startswith("B")}


def revise(month):
    made = actions.ask_revision(
        first_month=month, scope="all", cause=RevisionCause.BENEFIT, reason="льгота", by=1, at=AT
    )
    work(made)
    return made


def work(revision_id):
    while actions.revise_piece(revision_id, at=AT):
        pass


def test_each_form_is_a_line_of_its_own_that_says_why(street):
    percent, kwh, roubles, plain = street[:4]
    entitle(percent, kind_code="disabled")
    entitle(kwh, kind_code="sample_kwh", people=2)
    entitle(roubles, kind_code="sample_roubles", from_on=date(2026, 10, 17))

    charge()

    (half,) = less_of(percent).values()
    energy = sum(line.amount for line in why_of(percent).lines if line.rule_code == "P02")
    assert half.amount == -(energy / 4).quantize(Decimal("0.01"))  # 50 % of one of two residents
    assert half.benefit.kind.name == "Инвалиды"
    assert half.benefit.holder == PAPER.holder
    (free,) = less_of(kwh).values()
    assert (free.benefit.kwh, free.benefit.limit_kwh) == (Decimal(100), Decimal(100))
    assert free.amount == -round(100 * why_of(kwh).lines[0].rate, 2)
    assert less_of(roubles)["B03"].amount == Decimal("-145.16")  # 15 of 31 days
    assert not less_of(plain)
    for account in street[:4]:
        one = why_of(account)
        assert one.amount == sum(line.amount for line in one.lines) >= 0


def test_the_report_adds_up_to_the_lines_and_only_reports_where_the_authority_pays(street):
    entitle(street[0])
    entitle(street[1], kind_code="sample_roubles")

    charge()

    report = queries.benefit_report(OCTOBER)
    assert report.total == -sum(line.amount for account in street[:2] for line in less_of(account).values())
    assert report.total == report.control
    assert [row.kind_name for row in report.rows] == ["Доплата 300 рублей в месяц", "Инвалиды"]


def test_an_entitlement_entered_late_is_corrected_by_a_revision(street):
    charge()
    before = queries.charges_of(street[0], month=OCTOBER)[0].amount
    entitle(street[0])

    made = revise(OCTOBER)
    (row,) = [row for row in queries.sample_revised(made) if row.months]
    actions.release_revision(made, percent=100, by=1, at=AT)
    work(made)

    after = queries.charges_of(street[0], month=OCTOBER)[0]
    assert after.amount - before == row.difference == less_of(street[0])["B02"].amount
    assert queries.benefit_report(OCTOBER).total == -row.difference
    actions.take_revision_back(made, reason="ошибка", by=1, at=AT)
    work(made)
    assert queries.benefit_report(OCTOBER).total == 0


def test_a_month_without_a_reading_gets_its_benefit_and_the_reading_settles_it(street):
    account = street[9]  # gave no reading for October
    entitle(account, kind_code="many_children")
    charge(SEPTEMBER)
    charge()
    assert why_of(account).estimated_months == 1
    assert less_of(account)["B02"].amount < 0
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO metering_reading (account_id, register_id, value, taken_on, kind, channel, received_at,"
            " verdict, findings) SELECT account_id, register_id, max(value) + 500, '2026-11-20', 'regular', 'import',"
            " '2026-11-20', 'accepted', '[]' FROM metering_reading WHERE account_id = %s GROUP BY 1, 2",
            [account],
        )

    charge(NOVEMBER, at=AT.replace(month=12))

    rows = [row for month in (OCTOBER, NOVEMBER) for row in queries.charges_of(account, month=month)]
    energy = less = Decimal(0)
    for row in rows:
        for line in queries.explain(account, row.charge_id).lines:
            if line.rule_code == "B02":
                less -= line.amount
            else:
                energy += line.amount
    assert abs(less - energy * 30 / 100) <= Decimal("0.02")


def test_ends_and_what_never_was_count_and_are_undone(street):
    account = street[0]
    made = entitle(account, kind_code="many_children")
    end = benefits.end_entitlement(made, account_id=account, ended_on=date(2026, 10, 11), reason="x", by=None, at=AT)
    with pytest.raises(Conflict, match="entitlement_has_ended"):
        benefits.end_entitlement(made, account_id=account, ended_on=date(2026, 10, 12), reason="x", by=None, at=AT)
    undone = entitle(account, kind_code="sample_roubles", request_key="2" * 32)
    benefits.undo_entitlement(undone, account_id=account, reason="ошибка", by=None, at=AT)

    charge()

    line = less_of(account)["B02"]
    assert (line.from_on, line.until_on) == (date(2026, 10, 1), date(2026, 10, 11))
    assert set(less_of(account)) == {"B02"}
    benefits.undo_end(end, account_id=account, reason="ошибка", by=None, at=AT)
    assert entitled.entitlement(account, made).out_on is None
    with pytest.raises(Conflict, match="end_is_undone"):
        benefits.undo_end(end, account_id=account, reason="ошибка", by=None, at=AT)
    with pytest.raises(Conflict, match="entitlement_is_undone"):
        benefits.undo_entitlement(undone, account_id=account, reason="ошибка", by=None, at=AT)


def test_what_cannot_be_is_refused_and_the_same_request_counts_once(street):
    account = street[0]
    made = entitle(account)
    assert entitle(account) == made
    for wrong in ({"holder": " "}, {"document": ""}, {"reason": ""}, {"people": 0}, {"until_on": PAPER.from_on}):
        with pytest.raises(EntitlementRefused):
            entitle(account, **wrong, request_key="3" * 32)
    for code in ("nothing", "'; DROP TABLE x"):
        with pytest.raises(NotFound):
            entitle(account, kind_code=code, request_key="3" * 32)
    with pytest.raises(Conflict, match="entitlement_overlaps"):
        entitle(account, request_key="3" * 32)
    with pytest.raises(NotFound):
        benefits.end_entitlement(made, account_id=street[1], ended_on=date(2026, 5, 1), reason="x", by=None, at=AT)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE benefits_entitlement SET people = 5")


def test_policies_know_the_defaults_of_benefits():
    assert Policies().benefit_method == "reduces_bill"
