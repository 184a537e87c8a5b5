"""Account numbers that were meant: one slip of the hand away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svet.domains.payments.rules.similar import one_slip_away
from svet.kernel.identifiers import account_check_digit, is_account_number

NUMBERS = st.from_regex(r"\A[0-9]{9}\Z").map(lambda first: first + account_check_digit(first))


@pytest.mark.parametrize("given_number", ["3300000018", "3300000091", "330000001", "33000000199", " 3300-000-019 "])
def test_a_slip_leads_back_to_the_right_number(given_number):
    assert "3300000019" in one_slip_away(given_number)


@pytest.mark.parametrize("given_number", ["", "abc", "12", "9" * 500, "٣٣٠٠٠٠٠٠١٩"])
def test_what_is_no_number_suggests_nothing(given_number):
    assert one_slip_away(given_number) == ()


@given(NUMBERS, st.integers(0, 9), st.sampled_from("0123456789"))
def test_any_one_wrong_digit_is_found_out(number, place, digit):
    slipped = number[:place] + digit + number[place + 1 :]
    if slipped != number:
        assert number in one_slip_away(slipped)


@given(st.text(max_size=60))
def test_only_right_numbers_are_suggested_for_any_text(text):
    assert all(is_account_number(number) for number in one_slip_away(text))
