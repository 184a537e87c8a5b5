"""Lives of accounts month by month, with all that befalls meters: what a month reads of the past is enough for it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from svet.domains.billing import actions, jobs, queries
from svet.domains.billing.models import Charge
from svet.domains.billing.queries import history, inputs
from svet.domains.billing.queries.inputs import Span, load_inputs
from svet.domains.billing.rules.frames import Rated
from svet.domains.billing.rules.rating import rate
from svet.domains.billing.tests.region import (
    AT,
    NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    build_street,
    drop_category,
    restore_category,
)
from svet.domains.billing.tests.test_conditions_in_bills import record
from svet.domains.metering import actions as metering
from svet.domains.metering.models import Installation, Reading, Register
from svet.domains.metering.rules import ConditionKind
from svet.domains.metering.rules.acts import Hung, NewMeter, Paper, TakenDown
from svet.domains.tariffs import queries as tariffs
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.energy import Zoning
from svet.kernel.errors import DomainError
from svet.kernel.period import Month

pytestmark = pytest.mark.django_db
BEFALLS = ["read"] * 10 + ["unread"] * 5 + ["late", "corrected", "exchanged", "exchanged", "failed", "refused"]
USED = 150


def billed(month: Month) -> None:
    run_id = actions.start_run(month=month, started_by=None, at=AT)
    jobs.work_off(run_id, at=AT)


def volumes(account_id: int, month: Month) -> list[tuple[str, Decimal]]:
    charge = queries.charges_of(account_id, month=month)[0]
    return sorted((one.rule_code, one.kwh) for one in queries.explain(account_id, charge.charge_id).volumes)


class Life:
    """An account, its dial, and what befalls it; what an operator is refused does not befall it."""

    def __init__(self, account_id: int, number: int) -> None:
        self.account_id, self.dice = account_id, Random(number)
        last = Reading.objects.filter(account=account_id).latest("taken_on")
        self.register_id, self.value = last.register_id, int(last.value)
        self.meters, self.conditions = 0, []

    def pass_through(self, month: Month) -> None:
        for condition in self.conditions:
            self._lift(condition, month.first_on)
        self.conditions.clear()
        befalls = self.dice.choice(BEFALLS)
        self.value += USED + self.dice.randint(-40, 40)
        if befalls in ("read", "corrected", "late"):
            told = self.read(month.first_on.replace(day=28 if befalls == "late" else 20))
            if befalls == "corrected":
                self.value += 7
                self.read(told.taken_on, replaces=told)
        elif befalls == "exchanged":
            self.exchange(month)
        elif befalls == "failed":
            self._befall(ConditionKind.FAILED, month)
        elif befalls == "refused":
            self._befall(ConditionKind.ACCESS_REFUSED, month)

    def read(self, on: date, *, replaces: Reading | None = None) -> Reading:
        return Reading.objects.create(
            account_id=self.account_id, register_id=self.register_id, value=self.value, taken_on=on, kind="regular",
            channel="import", received_at=AT, verdict="accepted", findings=[], replaces=replaces,
        )  # fmt: skip

    def exchange(self, month: Month) -> None:
        removed_on = month.first_on.replace(day=self.dice.randint(5, 20))
        hung_on = removed_on + timedelta(days=self.dice.choice([0, 0, 3]))
        serial = f"{self.account_id}-{self.meters + 1}"
        with suppress(DomainError):
            metering.replace_meter(
                self.account_id,
                down=TakenDown(self._serial(), removed_on, {"1": str(self.value)}),
                hung=Hung(NewMeter(serial, "", Zoning.ONE, digits=6), hung_on, {"1": "0"}),
                paper=Paper("17/А", "Кузнецов А. В.", serial.rjust(32, "k")),
                by=None,
                at=AT.replace(year=month.next.first_on.year, month=month.next.first_on.month),
            )
            self.register_id, self.value = Register.objects.get(meter__serial=serial).pk, 0
            self.meters += 1

    def _serial(self) -> str:
        return Register.objects.select_related("meter").get(pk=self.register_id).meter.serial

    def _befall(self, kind: ConditionKind, month: Month) -> None:
        with suppress(DomainError):
            self.conditions.append(record(self.account_id, kind, month.first_on.replace(day=self.dice.randint(1, 25))))

    def _lift(self, condition: int, on: date) -> None:
        with suppress(DomainError):
            metering.lift_condition(
                condition, account_id=self.account_id, lifted_on=on, reason="Исправлен", by=None, at=AT
            )


def rated(street: list[int], month: Month) -> Rated:
    policies = Policies.from_values(tariffs.policy_values(month.first_on))
    return rate(load_inputs(Span(street[0], street[-1]), month=month), month=month, policies=policies)


def by_the_whole_past(street: list[int], month: Month, monkeypatch) -> Rated:
    with monkeypatch.context() as patch:
        patch.setattr(history, "untold", lambda *_, **__: pl.DataFrame({"account_id": street}))
        patch.setattr(inputs, "plainly_read", lambda **_: pl.DataFrame(schema={"account_id": pl.Int64}))
        return rated(street, month)


def equal(short: Rated, whole: Rated) -> None:
    for name in ("charges", "lines", "volumes", "findings"):
        assert_frame_equal(getattr(short, name), getattr(whole, name), check_row_order=False)


def test_a_month_by_what_it_reads_is_the_month_by_the_whole_past(monkeypatch):
    street = build_street(40)
    lives = [Life(account_id, number) for number, account_id in enumerate(street)]
    billed(SEPTEMBER)
    briefly, told = [], history.untold

    def noted(*asked, **terms):
        others = told(*asked, **terms)
        briefly.append(len(street) - others.height)
        return others

    billed(OCTOBER)
    month = NOVEMBER
    for _ in range(11):
        for life in lives:
            life.pass_through(month)
        with monkeypatch.context() as patch:
            patch.setattr(history, "untold", noted)
            short = rated(street, month)
        equal(short, by_the_whole_past(street, month, monkeypatch))
        billed(month)
        month = month.next
    assert sum(life.meters for life in lives) > 20 and max(briefly) > 10


def test_an_account_that_waited_a_month_for_its_data_settles_what_was_estimated_before(monkeypatch):
    street = build_street(3)
    life, by_norm = Life(street[0], 1), street[1]
    Installation.objects.filter(supply_point__agreements__account=by_norm).delete()
    for month in (SEPTEMBER, OCTOBER, NOVEMBER):
        billed(month)
    waited = NOVEMBER.next
    for account in street[:2]:
        drop_category(account)
    billed(waited)
    for account in street[:2]:
        restore_category(account)
    month = waited.next
    life.value += 3 * USED
    life.read(month.first_on.replace(day=20))

    equal(rated(street, month), by_the_whole_past(street, month, monkeypatch))
    billed(month)

    assert not queries.charges_of(street[0], month=waited)
    assert [rule for rule, _ in volumes(street[0], month)] == ["V01", "V07"]
    counted = Charge.objects.filter(account=by_norm).order_by("month").values_list("estimated_months", flat=True)
    assert list(counted) == [1, 2, 3, 4]


def test_an_account_without_a_meter_is_told_by_its_last_month_alone(monkeypatch):
    street = build_street(2)
    Installation.objects.filter(supply_point__agreements__account=street[0]).delete()
    for month in (SEPTEMBER, OCTOBER):
        billed(month)
    asked, read = [], history._read

    def noted(which, parameters):
        asked.append(which)
        return read(which, parameters)

    with monkeypatch.context() as patch:
        patch.setattr(history, "_read", noted)
        short = rated(street[:1], NOVEMBER)

    assert asked == [history._OF_SPAN]
    assert short.charges["estimated_months"].to_list() == [3]
    equal(short, by_the_whole_past(street[:1], NOVEMBER, monkeypatch))


def test_a_meter_removed_long_ago_is_not_counted_anew_in_a_month_without_a_reading():
    account = build_street(3)[0]
    life = Life(account, 1)
    billed(SEPTEMBER)
    billed(OCTOBER)
    life.value += 80
    life.exchange(NOVEMBER)
    billed(NOVEMBER)
    for _ in range(3):
        month = Month.of(Reading.objects.filter(account=account).latest("taken_on").taken_on).next
        life.value += 100
        life.read(month.first_on.replace(day=20))
        billed(month)

    billed(month.next)

    assert life.meters == 1
    assert volumes(account, month.next) == [("V04", Decimal("100.000"))]
