"""Numbers of people, firms and banks by their check digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svet.kernel import identifiers


@pytest.mark.parametrize("inn", ["7722245108", "5257072937", "1328903069", "500100732259"])
def test_published_taxpayer_numbers_are_right(inn):
    assert identifiers.is_inn(inn)


@pytest.mark.parametrize(
    "inn", ["7712345678", "7722245109", "500100732258", "500100732249", "", "77222451", "7722245108 ", "772224510a"]
)
def test_wrong_taxpayer_numbers_are_noticed(inn):
    assert not identifiers.is_inn(inn)


@pytest.mark.parametrize("account", ["40702810138250123017", "30101810400000000225"])
def test_published_bank_accounts_fit_their_bank(account):
    assert identifiers.is_bank_account(account, bic="044525225")


@pytest.mark.parametrize(
    ("account", "bic"),
    [
        ("40702810138250123018", "044525225"),
        ("40702810138250123017", "044525226"),
        ("4070281013825012301", "044525225"),
        ("40702810138250123017", "04452522"),
        ("30101810400000000226", "044525225"),
    ],
)
def test_an_account_that_does_not_fit_its_bank_is_noticed(account, bic):
    assert not identifiers.is_bank_account(account, bic=bic)


@given(st.integers(0, 10**9 - 1), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_in_an_account_number_is_always_noticed(serial, place, by):
    number = f"{serial:09d}" + identifiers.account_check_digit(f"{serial:09d}")
    slip = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]

    assert identifiers.is_account_number(number)
    assert not identifiers.is_account_number(slip)


@pytest.mark.parametrize("text", ["", "123456789", "12345678901", "123456789a", "1234567897\n"])
def test_what_has_not_ten_digits_is_no_account_number(text):
    assert not identifiers.is_account_number(text)
