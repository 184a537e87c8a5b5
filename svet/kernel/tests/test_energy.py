"""Energy has three digits; the bands of a zoning are fixed."""

from decimal import Decimal

import pytest

from svet.kernel.energy import BANDS, Zoning, exact_kwh


@pytest.mark.parametrize("volume", ["12", 12, Decimal("12.000")])
def test_a_volume_has_three_digits(volume):
    assert str(exact_kwh(volume)) == "12.000"


def test_a_fraction_of_a_watt_hour_is_refused():
    with pytest.raises(ValueError, match="watt-hour"):
        exact_kwh("0.0001")


@pytest.mark.parametrize("volume", ["NaN", "Infinity"])
def test_what_is_no_number_is_no_volume(volume):
    with pytest.raises(ValueError, match="not a volume"):
        exact_kwh(volume)


def test_a_float_is_never_energy():
    with pytest.raises(TypeError):
        exact_kwh(0.5)


@pytest.mark.parametrize("zoning", Zoning)
def test_a_zoning_has_as_many_bands_as_its_name_says(zoning):
    assert len(BANDS[zoning]) == int(zoning.value)
