"""The payment code of a bill: the text of ГОСТ Р 56042-2014 (ST00012), built and checked. Pure.

The payee's own details must be right or there is no code; the payer's are made to fit, for a name must never stop
a bill. What banks read is documented in README.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from svet.kernel.errors import DomainError

HEADER = "ST00012"
SEPARATORS = "|^~`"
MANDATORY_BYTES = 300
LIMITS = {
    "Purpose": 210,
    "LastName": 80,
    "FirstName": 80,
    "MiddleName": 80,
    "PayerAddress": 255,
    "PersAcc": 30,
    "PaymPeriod": 7,
    "ServiceName": 40,
    "QuittId": 30,
    "QuittDate": 10,
    "TechCode": 2,
}


class PaymentCodeRefused(DomainError):
    """The payee's details do not make a payment code; `field` says which of them."""

    code = "payment_code_refused"


@dataclass(frozen=True, slots=True)
class Payee:
    """Who receives the money, as the bank knows him. Refuses to exist with details that a bank would refuse."""

    name: str
    settlement_account: str
    bank_name: str
    bic: str
    correspondent_account: str = ""
    inn: str = ""
    kpp: str = ""

    def __post_init__(self) -> None:
        checks = {
            "name": 0 < len(self.name) <= 160,
            "settlement_account": bool(re.fullmatch(r"\d{20}", self.settlement_account, re.ASCII)),
            "bank_name": 0 < len(self.bank_name) <= 45,
            "bic": bool(re.fullmatch(r"\d{9}", self.bic, re.ASCII)),
            "correspondent_account": bool(re.fullmatch(r"(\d{20})?", self.correspondent_account, re.ASCII)),
            "inn": bool(re.fullmatch(r"(\d{10}|\d{12})?", self.inn, re.ASCII)),
            "kpp": bool(re.fullmatch(r"(\d{9})?", self.kpp, re.ASCII)),
        }
        for field, right in checks.items():
            if not right:
                raise PaymentCodeRefused(field=field, value=getattr(self, field))
        if any(not sign.isprintable() for sign in self.name + self.bank_name):
            raise PaymentCodeRefused(field="name", value=self.name)

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The five mandatory keys, in the order that the standard fixes."""
        return [
            ("Name", self.name),
            ("PersonalAcc", self.settlement_account),
            ("BankName", self.bank_name),
            ("BIC", self.bic),
            ("CorrespAcc", self.correspondent_account or "0"),
        ]


def payment_text(payee: Payee, *, kopecks: int | None = None, details: Sequence[tuple[str, str]] = ()) -> str:
    """Return the text of the code; `details` are further keys in the order to print, empty ones are left out.

    Raise PaymentCodeRefused when the sum is not a positive number of at most 18 digits, or when the mandatory part
    does not fit into 300 bytes. Values of `details` are cut to the standard's lengths, and a sign that would be
    taken for the separator is avoided by choosing another separator, as the standard allows.

    >>> bank = Payee("ООО «Три кита»", "40702810138250123017", 'ОАО "БАНК"', "044525225", "30101810965770000413")
    >>> payment_text(bank, kopecks=117349).removeprefix("ST00012|Name=ООО «Три кита»|PersonalAcc=")
    '40702810138250123017|BankName=ОАО "БАНК"|BIC=044525225|CorrespAcc=30101810965770000413|Sum=117349|'
    """
    fields = payee.fields
    if len(_joined(fields, "|").encode()) > MANDATORY_BYTES:
        raise PaymentCodeRefused(field="name", value=payee.name)
    if kopecks is not None:
        if not 0 < kopecks < 10**18:
            raise PaymentCodeRefused(field="sum", value=kopecks)
        fields.append(("Sum", str(kopecks)))
    fields += [(key, value) for key, value in (("PayeeINN", payee.inn), ("KPP", payee.kpp)) if value]
    fields += [(key, text) for key, value in details if (text := _fitted(value, limit=LIMITS[key]))]
    return _joined(*_separated(fields))


def _fitted(value: str, *, limit: int) -> str:
    visible = "".join(sign if sign.isprintable() else " " for sign in value)
    return " ".join(visible.split())[:limit].strip()


def _separated(fields: list[tuple[str, str]]) -> tuple[list[tuple[str, str]], str]:
    """Return the fields and a separator that none of them holds; the last resort is to drop the sign."""
    for separator in SEPARATORS:
        if not any(separator in value for _, value in fields):
            return fields, separator
    return [(key, value.replace(SEPARATORS[0], "/")) for key, value in fields], SEPARATORS[0]


def _joined(fields: Sequence[tuple[str, str]], separator: str) -> str:
    parts = [HEADER, *(f"{key}={value}" for key, value in fields)]
    return separator.join(parts) + separator
