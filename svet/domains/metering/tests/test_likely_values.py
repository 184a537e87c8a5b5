"""What was perhaps meant: the slips people make, one by one, and what is never guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svet.domains.metering.rules.likely import Slip, Typed, is_sensible, likely_values


def typed(text, *, previous=4390, usual=120, position=1, days=30, digits=5):
    before = None if previous is None else Decimal(previous)
    return Typed(position, text, before, None if usual is None else Decimal(usual), days, digits)


def guesses(*fields):
    return [(one.position, one.value, one.slip) for one in likely_values(fields)]


@pytest.mark.parametrize(
    ("text", "meant", "slip"),
    [
        ("45120", "4512", Slip.WITH_DECIMALS),
        ("0045120", "4512", Slip.WITH_DECIMALS),
        ("451234", "4512", Slip.WITH_DECIMALS),
        ("94512", "4512", Slip.EXTRA_DIGIT),
        ("5412", "4512", Slip.DIGITS_SWAPPED),
    ],
)
def test_a_slip_of_the_finger_is_recognised(text, meant, slip):
    assert guesses(typed(text)) == [(1, meant, slip)]


def test_one_missing_digit_is_offered_where_only_one_value_fits():
    assert guesses(typed("9512", previous=99480, usual=10)) == [(1, "99512", Slip.MISSING_DIGIT)]
    assert guesses(typed("452", previous=4510)) == []


def test_day_and_night_in_each_others_field_are_both_turned_round():
    day, night = typed("4600", previous=9300), typed("9450", previous=4560, position=2)

    assert guesses(day, night) == [(1, "9450", Slip.REGISTERS_SWAPPED), (2, "4600", Slip.REGISTERS_SWAPPED)]


@pytest.mark.parametrize("text", ["4512", " 04512 ", "4512,7", "4390"])
def test_a_sensible_value_is_left_alone(text):
    assert guesses(typed(text)) == []


@pytest.mark.parametrize("text", ["", "12х45", "-5", "9" * 40, "٤٥١٢", "451"])
def test_where_it_is_not_clear_nothing_is_made_up(text):
    assert guesses(typed(text)) == []


def test_a_register_without_a_past_has_nothing_to_compare_with():
    assert guesses(typed("45120", previous=None, usual=None)) == []


@given(st.text(max_size=45), st.integers(0, 99999), st.integers(0, 5000), st.integers(0, 400))
def test_every_guess_is_itself_sensible(text, previous, usual, days):
    field = typed(text, previous=previous, usual=usual, days=days)

    for guess in likely_values([field]):
        assert not is_sensible(field)
        assert is_sensible(typed(guess.value, previous=previous, usual=usual, days=days))
