"""Parts of addresses: an account number, a month, a cause, a case number."""

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


class CauseKey:
    """Codes of findings with dots between: F02 or F02.P01."""

    regex = r"[A-Za-z0-9_]{1,40}(?:\.[A-Za-z0-9_]{1,40}){0,9}"

    def to_python(self, value: str) -> str:
        """Return the key."""
        return value

    def to_url(self, value: str) -> str:
        """Return the key."""
        return value


class CaseNumber:
    """A case number without its letters: 26-03-000123 is ОБ-26-03-000123."""

    regex = r"[0-9]{2}-[0-9]{2}-[0-9]{6}"

    def to_python(self, value: str) -> str:
        """Return the number."""
        return f"ОБ-{value}"

    def to_url(self, value: str) -> str:
        """Return the number's digits."""
        return value.removeprefix("ОБ-")


register_converter(CaseNumber, "case")
register_converter(AccountNumber, "account")
register_converter(MonthCode, "month")
register_converter(CauseKey, "cause")
