"""Pure rules of payments: words used by all; allocation and checks live in their own modules."""

from enum import StrEnum


class SourceKind(StrEnum):
    """Through what kind of channel money comes (clause B5)."""

    TERMINAL = "terminal"
    BANK_REGISTER = "bank_register"
    CASH_DESK = "cash_desk"
    CARD = "card"
    BANK_STATEMENT = "bank_statement"


class RegisterState(StrEnum):
    """What became of a bank's registry file."""

    POSTED = "posted"
    REFUSED = "refused"
