"""Parts of addresses: an account number, a month."""

from __future__ import annotations

from django.urls import register_converter

from svet.kernel.period import Month


class AccountNumber:
    """Ten digits, kept as text."""

    regex = r"[0-9]{10}"

    def to_python(self, value: str) -> str:
        """Return the number."""
        return value

    def to_url(self, value: str) -> str:
        """Return the number."""
        return value


class MonthCode:
    """A month as 2026-10."""

    regex = r"[12][0-9]{3}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> Month:
        """Return the month."""
        return Month(value)

    def to_url(self, value: Month | str) -> str:
        """Return the month's code."""
        return str(value)


register_converter(AccountNumber, "account")
register_converter(MonthCode, "month")
