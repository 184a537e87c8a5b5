"""Money is exact: kopecks never appear or vanish, and one door rounds."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svet.kernel import money

amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=6, allow_nan=False, allow_infinity=False)
kopecks = st.integers(min_value=-(10**13), max_value=10**13)


@given(amounts)
def test_rounding_moves_an_amount_by_half_a_kopeck_at_most(amount):
    rounded = money.round_to_kopeck(amount)

    assert abs(rounded - amount) <= Decimal("0.005")
    assert rounded.as_tuple().exponent == -2


@given(amounts)
def test_rounding_a_debt_and_a_credit_is_the_same(amount):
    assert money.round_to_kopeck(-amount) == -money.round_to_kopeck(amount)


@given(kopecks)
def test_kopecks_become_roubles_and_come_back(count):
    assert money.to_kopecks(money.from_kopecks(count)) == count


@pytest.mark.parametrize("amount", ["0.001", "-7.999", Decimal("1e-9")])
def test_a_fraction_of_a_kopeck_is_refused(amount):
    with pytest.raises(ValueError, match="fraction of a kopeck"):
        money.exact_kopecks(amount)


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(amount):
    with pytest.raises(ValueError, match="not an amount"):
        money.exact_kopecks(amount)


def test_a_float_is_never_money():
    with pytest.raises(TypeError):
        money.exact_kopecks(1.1)


def test_net_tax_and_gross_must_add_up():
    with pytest.raises(ValueError, match="is not"):
        money.TaxedAmount(net=Decimal("10.00"), tax=Decimal("2.00"), gross=Decimal("12.01"))


def test_tax_and_gross_are_whole_kopecks_each():
    with pytest.raises(ValueError, match="fraction"):
        money.TaxedAmount(net=Decimal("10.005"), tax=Decimal("1.995"), gross=Decimal("12.00"))


@given(kopecks, st.sampled_from([Decimal(20), Decimal(22), Decimal(0), Decimal("7.5")]))
def test_tax_inside_a_price_loses_nothing(count, percent):
    gross = money.from_kopecks(count)

    parts = money.tax_inside(gross, percent=percent)

    assert parts.net + parts.tax == gross


@pytest.mark.parametrize(("percent", "tax"), [(20, "166.67"), (22, "180.33")])
def test_a_thousand_roubles_hold_the_tax_of_their_year(percent, tax):
    assert money.tax_inside(Decimal("1000.00"), percent=Decimal(percent)).tax == Decimal(tax)
