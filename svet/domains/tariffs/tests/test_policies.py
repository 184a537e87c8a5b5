"""The catalogue of policies and the values of a calculation are one and the same list."""

from dataclasses import asdict

import pytest

from svet.domains.tariffs.rules.policies import (
    BY_NAME,
    POLICIES,
    Policies,
    PolicyValueRefused,
    UnknownPolicy,
)


def test_every_switch_has_its_field_with_the_default_of_the_catalogue():
    assert {name: str(value) for name, value in asdict(Policies()).items()} == {p.name: p.default for p in POLICIES}


def test_values_go_out_and_come_back():
    policies = Policies(average_limit_months=6, tariff_change_split="reading")

    assert Policies.from_values(policies.as_values()) == policies


@pytest.mark.parametrize(
    "name,text",
    [
        ("reading_cutoff_day", "0"),
        ("reading_cutoff_day", "32"),
        ("reading_cutoff_day", "25.0"),
        ("reading_cutoff_day", "²"),
        ("reading_cutoff_day", "9" * 5000),
        ("tariff_change_split", "by_mood"),
    ],
)
def test_a_value_out_of_bounds_is_refused(name, text):
    with pytest.raises(PolicyValueRefused):
        BY_NAME[name].read(text)


def test_an_unknown_name_is_refused():
    with pytest.raises(UnknownPolicy):
        Policies.from_values({"kindness": "1"})
