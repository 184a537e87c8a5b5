"""Two bills of an account side by side: worked examples of each reason, and the law that nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from svet.domains.billing.rules.comparing import Reason, compare
from svet.domains.billing.rules.documents import BillLine
from svet.domains.metering.rules import VolumeBasis
from svet.domains.tariffs.rules import Structure
from svet.kernel.energy import TimeBand
from svet.kernel.money import round_to_kopeck
from svet.kernel.period import Month

OCTOBER, NOVEMBER = Month("2026-10"), Month("2026-11")
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Bill:
    month: Month
    lines: tuple[BillLine, ...]
    charged: Decimal
    corrected: Decimal = ZERO
    penalties: Decimal = ZERO


def line(kwh, rate="5.00", *, days=30, basis=VolumeBasis.MEASURED, step=1, band=TimeBand.ALL_DAY):
    kwh, rate, start = Decimal(kwh), Decimal(rate), date(2026, 10, 1)
    amount = round_to_kopeck(kwh * rate)
    end = start + timedelta(days=days)
    return BillLine(1, band, step, start, end, kwh, rate, amount, basis, "45/1", Structure.FLAT)


def bill(*lines, month=NOVEMBER, settled=(), **sums):
    """Return a bill whose lines begin with its month; `settled` keep their days."""
    lines = (*(moved(one, month.first_on) for one in lines), *settled)
    return Bill(month, lines, sum((one.amount for one in lines), ZERO), **sums)


def moved(one, start):
    return replace(one, from_on=start, until_on=start + (one.until_on - one.from_on))


def parts(now, before):
    return {one.reason: one.amount for one in compare(now, before=before).parts}


def test_bills_that_are_alike_differ_by_nothing():
    same = compare(bill(line(100)), before=bill(line(100), month=OCTOBER))

    assert (same.difference, same.parts) == (ZERO, ())


def test_an_earlier_month_that_is_settled_is_a_correction_whichever_way_it_goes():
    settled = (line(-200), line(150))  # October, turned and priced anew

    found = parts(bill(line(100), settled=settled), bill(line(100), month=OCTOBER))

    assert found == {Reason.CORRECTIONS: Decimal("-250.00")}


def test_more_energy_at_the_same_price_is_use_alone():
    assert parts(bill(line(140)), bill(line(100))) == {Reason.VOLUME: Decimal("200.00")}


def test_the_new_price_is_reckoned_on_the_new_energy():
    # 140 kWh × (6 − 5) = 140 for the price; (140 − 100) × 5 = 200 for the use.
    assert parts(bill(line(140, "6.00")), bill(line(100))) == {
        Reason.PRICE: Decimal("140.00"),
        Reason.VOLUME: Decimal("200.00"),
    }


def test_three_days_more_carry_three_days_of_the_old_amount():
    # 500 ₽ for 30 days: 3 days more are 50 ₽; 120 kWh are 600 ₽, so 50 ₽ are left for the use.
    assert parts(bill(line(120, days=33)), bill(line(100, days=30))) == {
        Reason.DAYS: Decimal("50.00"),
        Reason.VOLUME: Decimal("50.00"),
    }


def test_an_estimate_after_a_measured_month_is_told_as_the_method():
    assert parts(bill(line(130, basis=VolumeBasis.NORM)), bill(line(100))) == {Reason.METHOD: Decimal("150.00")}


def test_what_was_estimated_and_is_taken_back_is_a_correction():
    assert parts(bill(line(100), line(-40)), bill(line(100))) == {Reason.CORRECTIONS: Decimal("-200.00")}


def test_corrections_and_penalties_stand_as_in_the_bills():
    now = bill(line(100), corrected=Decimal("-30.10"), penalties=Decimal("7.05"))

    assert parts(now, bill(line(100), penalties=Decimal("2.00"))) == {
        Reason.CORRECTIONS: Decimal("-30.10"),
        Reason.PENALTIES: Decimal("5.05"),
    }


def test_a_step_reached_for_the_first_time_is_use():
    assert parts(bill(line(100), line(10, "8.00", step=2)), bill(line(100))) == {Reason.VOLUME: Decimal("80.00")}


def test_what_no_line_bears_is_named_as_such():
    now = Bill(NOVEMBER, (moved(line(100), NOVEMBER.first_on),), charged=Decimal("512.00"))

    assert parts(now, bill(line(100))) == {Reason.OTHER: Decimal("12.00")}


amounts = st.decimals(min_value=-9999, max_value=9999, places=2)
some_lines = st.lists(
    st.builds(
        line,
        st.decimals(min_value=-3000, max_value=30000, places=3),
        st.decimals(min_value=Decimal("0.01"), max_value=20, places=6),
        days=st.integers(0, 92),
        basis=st.sampled_from(VolumeBasis),
        step=st.integers(1, 3),
        band=st.sampled_from([TimeBand.ALL_DAY, TimeBand.DAY, TimeBand.NIGHT]),
    ),
    max_size=6,
).map(tuple)
some_bills = st.builds(Bill, st.just(NOVEMBER), some_lines, amounts, amounts, amounts)


@given(some_bills, some_bills)
def test_the_parts_always_add_up_to_the_difference(now, before):
    compared = compare(now, before=before)

    assert sum((one.amount for one in compared.parts), ZERO) == compared.difference
    assert all(one.amount == round_to_kopeck(one.amount) != 0 for one in compared.parts)


@given(some_bills)
def test_a_bill_compared_with_itself_has_no_reasons(one):
    assert compare(one, before=one).parts == ()
