"""Acts of unmetered use: what they come to, once on the next bill, beside the meter's energy, and taken back."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import Error, connection, transaction

from svet.domains.billing import actions, jobs, queries
from svet.domains.billing.actions import UnmeteredPaper
from svet.domains.billing.rules.unmetered import Found, UnmeteredKind, UnmeteredRefused, days_of
from svet.domains.billing.tests.region import AT, NOVEMBER, OCTOBER, SEPTEMBER, build_street
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.errors import Conflict, NotFound
from svet.kernel.period import Period

FOUND = Found(
    UnmeteredKind.CONNECTION, date(2026, 10, 20), date(2026, 10, 21), since_on=date(2026, 10, 11), power_w=2200
)
PAPER = UnmeteredPaper("БУ-1", "Провод мимо счётчика", "Контролёр Н'Гома", "1" * 32)


@pytest.mark.parametrize(
    ("terms", "from_on"),
    [
        ({"since_on": date(2025, 1, 5)}, date(2025, 1, 5)),
        ({"checked_on": date(2026, 9, 15)}, date(2026, 9, 15)),
        ({"checked_on": date(2025, 9, 15)}, date(2026, 7, 1)),
        ({}, date(2026, 7, 1)),
    ],
)
def test_the_days_begin_when_it_began_or_at_the_last_check_at_most_three_months_back(terms, from_on):
    found = Found(UnmeteredKind.TAMPERING, date(2026, 10, 20), date(2026, 10, 22), **terms)

    assert days_of(found, policies=Policies()) == Period(from_on, date(2026, 10, 22))


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (Found(UnmeteredKind.TAMPERING, date(2026, 10, 20), date(2026, 10, 19)), "unmetered_ends_before_found"),
        (
            Found(UnmeteredKind.TAMPERING, date(2026, 10, 20), date(2026, 10, 21), since_on=date(2026, 10, 21)),
            "unmetered_begins_after_found",
        ),
        (
            Found(UnmeteredKind.TAMPERING, date(2026, 10, 20), date(2026, 10, 20), since_on=date(2026, 10, 20)),
            "unmetered_has_no_days",
        ),
    ],
)
def test_days_that_contradict_themselves_are_refused(found, code):
    with pytest.raises(UnmeteredRefused) as refused:
        days_of(found, policies=Policies())
    assert refused.value.code == code


@pytest.fixture
def home(db):
    account = build_street(2)[0]
    for month in (SEPTEMBER,):
        charge(month)
    return account


def charge(month, at=AT):
    run = actions.start_run(month=month, started_by=None, at=at)
    jobs.work_off(run, at=at)


def point_of(account_id):
    with connection.cursor() as cursor:
        cursor.execute("SELECT supply_point_id FROM accounts_agreement WHERE account_id = %s", [account_id])
        return cursor.fetchone()[0]


def record(account, found=FOUND, paper=PAPER):
    return actions.record_unmetered(
        found, paper=paper, account_id=account, supply_point_id=point_of(account), by=None, at=AT
    )


def acts_in(account, month):
    row = queries.charges_of(account, month=month)[0]
    why = queries.explain(account, row.charge_id)
    return why, [line for line in why.lines if line.rule_code == "U01"]


def test_an_act_is_charged_once_apart_from_the_meter_and_says_why(home):
    made = record(home)
    assert record(home) == made  # the same wish again
    charge(OCTOBER)

    why, (line,) = acts_in(home, OCTOBER)

    assert line.kwh == Decimal(10 * 24) * Decimal("2.2")
    assert line.amount == round(line.kwh * line.rate, 2)
    assert line.act.number == "БУ-1"
    assert why.kwh == sum(volume.kwh for volume in why.volumes)  # the act's energy is none of the meter's
    assert why.amount == sum(one.amount for one in why.lines)
    charge(NOVEMBER, at=AT.replace(month=12))
    assert acts_in(home, NOVEMBER)[1] == []


def test_an_act_taken_back_before_its_bill_is_never_charged_and_after_it_comes_off_with_the_next(home):
    early = record(home)
    actions.undo_unmetered(early, account_id=home, reason="ошибка", by=None, at=AT)
    late = record(home, paper=UnmeteredPaper("БУ-2", "Пломба сорвана", "Контролёр", "2" * 32))
    charge(OCTOBER)
    (charged,) = acts_in(home, OCTOBER)[1]

    actions.undo_unmetered(late, account_id=home, reason="суд отменил", by=None, at=AT)
    with pytest.raises(Conflict, match="act_is_undone"):
        actions.undo_unmetered(late, account_id=home, reason="снова", by=None, at=AT)
    charge(NOVEMBER, at=AT.replace(month=12))

    (back,) = acts_in(home, NOVEMBER)[1]
    assert (back.kwh, back.amount, back.act.number) == (-charged.kwh, -charged.amount, "БУ-2")
    assert charged.act.id == late


def test_without_known_power_it_is_the_norm_times_ten_month_by_month_as_the_plain_rule_says(home):
    found = Found(UnmeteredKind.TAMPERING, date(2026, 10, 20), date(2026, 10, 21), checked_on=date(2026, 9, 16))

    act = queries.unmetered_act(home, act_id=record(home, found))

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kwh_per_person FROM tariffs_consumption_norm WHERE territory = 'nn' AND rooms <= 2 AND persons <= 2"
            " AND NOT electric_stove AND NOT electric_heating AND valid @> '2026-09-16'::date"
            " ORDER BY rooms DESC, persons DESC LIMIT 1"
        )
        norm = cursor.fetchone()[0]
    month = [Fraction(norm) * 2 * 10 * days / of for days, of in ((15, 30), (20, 31))]
    by_month = {}
    for part in act.parts:
        by_month[part.from_on.month] = by_month.get(part.from_on.month, 0) + part.kwh
        assert part.amount == round(part.kwh * part.rate + Decimal("1e-9"), 2)
    assert [
        abs(Fraction(kwh) - wanted) < Fraction(1, 100) for kwh, wanted in zip(by_month.values(), month, strict=True)
    ]
    assert act.norm_percent == 1000
    assert (act.days, act.amount) == (35, sum(part.amount for part in act.parts))


def test_acts_that_cannot_be_are_refused_and_never_rewritten(home):
    for other in (
        {"number": " "}, {"note": ""}, {"signed_by": " "}, {"number": "9" * 61}, {"scans": tuple(range(1, 12))},
    ):  # fmt: skip
        terms = {"number": "1", "note": "n", "signed_by": "s", "request_key": "3" * 32} | other
        with pytest.raises(UnmeteredRefused):
            record(home, paper=UnmeteredPaper(**terms))
    for power in (0, 100_001):
        with pytest.raises(UnmeteredRefused):
            record(home, Found(FOUND.kind, FOUND.found_on, FOUND.ended_on, since_on=FOUND.since_on, power_w=power))
    with pytest.raises(UnmeteredRefused):
        record(home, Found(FOUND.kind, date(2026, 11, 2), date(2027, 1, 2), power_w=100))
    with pytest.raises(UnmeteredRefused):
        record(home, Found(FOUND.kind, FOUND.found_on, FOUND.ended_on, since_on=date(2019, 12, 25), power_w=100))
    with pytest.raises(NotFound):
        record(home, paper=UnmeteredPaper("1", "n", "s", "4" * 32, scans=(404,)))
    made = record(home)
    with pytest.raises(NotFound):
        actions.undo_unmetered(made, account_id=home + 1, reason="чужой", by=None, at=AT)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM billing_unmetered_line")
