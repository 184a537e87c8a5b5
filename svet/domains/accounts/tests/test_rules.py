import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from svet.domains.accounts.rules import has_right_check_digit
from svet.kernel.identifiers import is_account_number


@given(st.lists(st.from_regex(r"\A[0-9]{10}\Z"), min_size=1, max_size=50))
def test_check_digits_of_a_column_are_those_of_each_number(numbers):
    said = pl.DataFrame({"number": numbers}).select(has_right_check_digit(pl.col("number"))).to_series()

    assert said.to_list() == [is_account_number(number) for number in numbers]
