"""A meter replaced by an act reaches the bill: the gap by average, a late act in the next one, an undone one never."""

from datetime import date
from decimal import Decimal

import pytest

from svet.domains.accounts import queries as accounts
from svet.domains.billing import actions, jobs, queries
from svet.domains.billing.queries.inputs import Span, load_inputs
from svet.domains.billing.tests.region import AT, NOVEMBER, OCTOBER, SEPTEMBER, build_street
from svet.domains.metering import actions as metering
from svet.domains.metering.rules.acts import Hung, NewMeter, Paper, TakenDown
from svet.kernel.energy import Zoning
from svet.kernel.errors import Conflict

pytestmark = pytest.mark.django_db
NOVEMBERS_END = AT.replace(day=28)


def rated(month, at=AT):
    run_id = actions.start_run(month=month, started_by=None, at=at)
    jobs.work_off(run_id, at=at)
    actions.issue_bills(run_id, at=at)
    jobs.work_off(run_id, at=at)


def exchange(account_id, removed_on, installed_on, value, *, at=AT, zoning=Zoning.ONE):
    return metering.replace_meter(
        account_id,
        down=TakenDown("street-1", removed_on, {"1": value}),
        hung=Hung(NewMeter("90000017", "", zoning, digits=6), installed_on, dict.fromkeys("123"[: int(zoning)], "0")),
        paper=Paper("17/А", "Кузнецов А. В.", "k" * 32),
        by=None,
        at=at,
    )


def place_of(account_id):
    return accounts.agreements_of(account_id, on=AT.date())[0].supply_point.id


def volumes(account_id, month):
    charge = queries.charges_of(account_id, month=month)[0]
    return {(one.rule_code, one.kwh) for one in queries.explain(account_id, charge.charge_id).volumes}


def test_days_between_the_meters_go_by_the_average_of_the_old_one():
    account = build_street(3)[0]
    rated(SEPTEMBER)
    exchange(account, date(2026, 10, 25), date(2026, 10, 28), "1710")

    rated(OCTOBER)

    # 101 kWh a month: 4 days of the new meter without a reading yet, 3 days between.
    found = volumes(account, OCTOBER)
    assert ("V03", Decimal("104.000")) in found
    assert {code for code, _ in found} == {"V03", "V10", "V04", "V18"}


def test_a_month_settled_later_knows_the_days_of_its_gap():
    account = build_street(3)[0]
    rated(SEPTEMBER)
    exchange(account, date(2026, 10, 25), date(2026, 10, 28), "1710")
    rated(OCTOBER)

    inputs = load_inputs(Span(account, account), month=NOVEMBER, foretelling=True)

    (gap,) = inputs.prior_gaps.to_dicts()
    assert {"account_id": account, "month_on": OCTOBER.first_on, "zoning": "1", "band": "all"}.items() <= gap.items()
    assert (gap["from_on"], gap["until_on"]) == (date(2026, 10, 25), date(2026, 10, 28))
    assert ("V18", Decimal(gap["wh"]).scaleb(-3)) in volumes(account, OCTOBER)
    told = queries.what_if(account, last=OCTOBER, zoning=Zoning.TWO, category=None, night_percent=30)
    assert all(one.would is not None for one in told.months)


def test_an_act_that_came_after_its_month_was_billed_is_in_the_next_bill():
    account = build_street(3)[0]
    rated(SEPTEMBER)
    rated(OCTOBER)
    charged = queries.charges_of(account, month=OCTOBER)

    exchange(account, date(2026, 10, 26), date(2026, 10, 29), "1715")
    metering.submit_reading(
        account_id=account, values={"1": "70"}, taken_on=date(2026, 11, 20), received_at=NOVEMBERS_END,
        channel="meter_reader", source_id="november-1", meter_serial="90000017",
    )  # fmt: skip
    rated(NOVEMBER, NOVEMBERS_END)

    assert queries.charges_of(account, month=OCTOBER) == charged
    found = volumes(account, NOVEMBER)
    assert {code for code, _ in found} == {"V01", "V03", "V18"}
    assert {("V03", Decimal("8.000")), ("V01", Decimal("70.000"))} <= found


def test_a_charged_act_stays_and_an_act_taken_back_in_time_changes_no_bill():
    street = build_street(3)
    rated(SEPTEMBER)
    act = exchange(street[0], date(2026, 10, 25), date(2026, 10, 28), "1710")
    metering.undo_meter_act(act.id, account_id=street[0], reason="Не тот дом", by=None, at=AT)

    rated(OCTOBER)

    assert volumes(street[0], OCTOBER) == {("V01", Decimal("101.000"))}
    again = metering.replace_meter(
        street[0],
        down=TakenDown("street-1", date(2026, 11, 1), {"1": "1710"}),
        hung=Hung(NewMeter("90000018", "", Zoning.ONE, digits=6), date(2026, 11, 1), {"1": "0"}),
        paper=Paper("18", "Кузнецов А. В.", "m" * 32),
        by=None,
        at=AT,
    )
    rated(NOVEMBER, NOVEMBERS_END)
    with pytest.raises(Conflict, match="act_is_charged"):
        metering.undo_meter_act(again.id, account_id=street[0], reason="Поздно", by=None, at=NOVEMBERS_END)


def test_a_meter_away_for_its_verification_goes_on_with_its_count():
    account = build_street(3)[0]
    rated(SEPTEMBER)
    paper = Paper("19", "Кузнецов А. В.", "v" * 32, note="Поверка")
    down = TakenDown("street-1", date(2026, 10, 24), {"1": "1713"})
    away = metering.remove_meter(account, down=down, paper=paper, by=None, at=AT)
    known = NewMeter("street-1", "", Zoning.ONE, digits=6, verification_due_on=date(2042, 10, 1))
    metering.install_meter(
        account,
        supply_point_id=place_of(account),
        hung=Hung(known, date(2026, 10, 28), {"1": "1713"}),
        paper=Paper("20", "Кузнецов А. В.", "w" * 32),
        by=None,
        at=AT,
    )

    rated(OCTOBER)

    assert away.removed.values[0].kwh == Decimal(6)
    found = volumes(account, OCTOBER)
    assert {code for code, _ in found} <= {"V01", "V03", "V18"}
    assert sum(kwh for code, kwh in found if code != "V18") == Decimal(107)
