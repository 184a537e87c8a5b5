"""What kinds of customers there are (clause G1), how each is named, and how contacts are written down. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

import phonenumbers
import polars as pl

from svet.kernel.findings import Level
from svet.kernel.row_findings import found, together


class CustomerKind(StrEnum):
    """The four kinds of clause G1."""

    PERSON = "person"
    SOLE_TRADER = "sole_trader"
    COMPANY = "company"
    UTILITY_PROVIDER = "utility_provider"


class ContactKind(StrEnum):
    """How a customer can be reached."""

    PHONE = "phone"
    EMAIL = "email"
    POST = "post"


class ConsentPurpose(StrEnum):
    """For what a customer lets the company use his data."""

    PERSONAL_DATA = "personal_data"
    MARKETING = "marketing"
    REMINDERS = "reminders"


class Subject(StrEnum):
    """What a customer may want to be told of."""

    READING = "reading"
    BILL = "bill"
    PAYMENT = "payment"
    REPLY = "reply"
    REMINDER = "reminder"
    OUTAGE = "outage"


class Way(StrEnum):
    """How a customer wants to be told."""

    EMAIL = "email"
    SMS = "sms"
    NONE = "none"


CONSENT_TEXT = "2026-11"
"""The version of the texts that customers agree to; it changes with every word of them."""

PERSONAL_KINDS = frozenset({CustomerKind.PERSON, CustomerKind.SOLE_TRADER})
"""Kinds that have a person's name; the others have an organisation's."""

_EMAIL = r"^[^@\s,;:<>()\[\]\\\"]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}][\p{L}\p{N}-]+$"
_RUSSIAN_PHONE = r"^(?:\+?7|8)?([3489]\d{9})$"
_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_11 = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_12 = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


def full_name(*, family_name: str, given_name: str, patronymic: str) -> str:
    """Return the name as letters are addressed: family name, given name, patronymic."""
    return " ".join(part for part in (family_name, given_name, patronymic) if part)


def has_its_name(*, kind: str, family_name: str, organisation_name: str) -> bool:
    """Say whether a customer of `kind` has the name that the kind needs.

    >>> has_its_name(kind="company", family_name="Иванов", organisation_name="")
    False
    """
    return bool(family_name if kind in PERSONAL_KINDS else organisation_name)


def normal_phone(text: str) -> str | None:
    """Return a telephone number in the form +79161234567, None for what is no number. Without country: Russia.

    >>> normal_phone("8 (916) 123-45-67"), normal_phone("спросить Машу")
    ('+79161234567', None)
    """
    try:
        number = phonenumbers.parse(text, "RU")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number) or number.extension:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normal_email(text: str) -> str | None:
    """Return an e-mail address in small letters, None for what is no address.

    >>> normal_email("Anna@Example.org"), normal_email("anna@example")
    ('anna@example.org', None)
    """
    return pl.select(_emails(pl.lit(text))).item()


def normal_contacts(kinds: pl.Series, *, values: pl.Series) -> pl.Series:
    """Return each contact's value in its normal form by its kind, null for what is not one.

    Plain Russian numbers are put right by one expression; only the distinct others are parsed one by one.
    """
    contacts = pl.DataFrame({"kind": kinds, "value": values}).with_columns(
        plain=pl.col("value").str.replace_all(r"[\s().\-\u00a0\u2010-\u2015]", "").str.extract(_RUSSIAN_PHONE)
    )
    phones = contacts.filter((pl.col("kind") == ContactKind.PHONE) & pl.col("plain").is_null())["value"]
    distinct = phones.drop_nulls().unique()
    others = pl.DataFrame(
        {"value": distinct, "parsed": pl.Series([normal_phone(text) for text in distinct], dtype=pl.String)}
    )
    phone = pl.coalesce(pl.concat_str(pl.lit("+7"), "plain"), "parsed")
    return (
        contacts.join(others, on="value", how="left", maintain_order="left")
        .select(
            pl.when(pl.col("kind") == ContactKind.PHONE)
            .then(phone)
            .when(pl.col("kind") == ContactKind.EMAIL)
            .then(_emails(pl.col("value")))
            .otherwise(pl.col("value"))
            .alias("value")
        )
        .to_series()
    )


def has_right_inn(inn: pl.Expr) -> pl.Expr:
    """Say of each taxpayer number (text) whether it has 10 or 12 digits and right check digits (dossier 10.1)."""
    number = pl.when(inn.str.contains(r"^(?:\d{10}|\d{12})$")).then(inn).cast(pl.Int64)
    short = _inn_digit(number, _INN_10, places=10) == number % 10
    long = (_inn_digit(number, _INN_11, places=12) == number // 10 % 10) & (
        _inn_digit(number, _INN_12, places=12) == number % 10
    )
    return pl.when(inn.str.len_bytes() == 10).then(short).otherwise(long).fill_null(False)


def _inn_digit(number: pl.Expr, weights: tuple[int, ...], *, places: int) -> pl.Expr:
    total: pl.Expr = pl.lit(0, dtype=pl.Int64)
    for place, weight in enumerate(weights, 1):
        total = total + number // 10 ** (places - place) % 10 * weight
    return total % 11 % 10


def _emails(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.contains(_EMAIL)).then(text.str.to_lowercase())


def takes_codes(*, kind: str, value: str) -> bool:
    """Say whether a one-time code can be sent there: an e-mail, or a Russian mobile phone (landlines take no SMS).

    >>> takes_codes(kind="phone", value="+79161234567"), takes_codes(kind="phone", value="+74922123456")
    (True, False)
    """
    return kind == ContactKind.EMAIL or (kind == ContactKind.PHONE and value.startswith("+79"))


def way_of(kind: str) -> Way:
    """Return the way by which a contact of this kind is reached: letters to an e-mail, SMS to a phone."""
    return Way.EMAIL if kind == ContactKind.EMAIL else Way.SMS


def masked(value: str) -> str:
    """Return a contact as its owner recognises it and nobody else learns it.

    >>> masked("+79161234512"), masked("anna.petrova@example.ru")
    ('+7 9** ***-**-12', 'a***@e***.ru')
    """
    if "@" not in value:
        return f"+7 {value[2:3]}** ***-**-{value[-2:]}"
    name, _, domain = value.partition("@")
    return f"{name[:1]}***@{domain[:1]}***.{domain.rpartition('.')[2]}"


def is_code(text: str) -> bool:
    """Say whether `text` can be somebody's code: 1 to 40 visible characters.

    >>> is_code("П-000001"), is_code("а б"), is_code("")
    (True, False, False)
    """
    return bool(re.fullmatch(r"[^\s\x00-\x1f\x7f]{1,40}", text))


def check_customers(rows: pl.DataFrame) -> pl.DataFrame:
    """Return findings about customers of a file: the name that the kind needs; numbers that look wrong are noted."""
    personal = pl.col("kind").is_in([kind.value for kind in PERSONAL_KINDS])
    needed = {"family_name": personal, "organisation_name": ~personal}
    forms = {
        "inn": has_right_inn(pl.col("inn")),
        "kpp": pl.col("kpp").str.contains(r"^\d{4}[0-9A-Z]{2}\d{3}$"),
        "ogrn": pl.col("ogrn").str.contains(r"^(?:\d{13}|\d{15})$"),
    }
    missing = [
        found(rows, who & (pl.col(column) == ""), code="name_is_missing", column=column)
        for column, who in needed.items()
    ]
    strange = [
        found(rows, (pl.col(column) != "") & ~right, code=f"{column}_looks_wrong", column=column, level=Level.NOTE)
        for column, right in forms.items()
    ]
    return together([*missing, *strange])


def check_contacts(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return contacts of a file with their values in normal form, and findings about those that are none."""
    normal = normal_contacts(rows["kind"], values=rows["value"])
    wrong = [
        found(
            rows.with_columns(normal=normal),
            (pl.col("kind") == kind.value) & pl.col("normal").is_null(),
            code=f"{kind.value}_is_wrong",
            column="value",
        )
        for kind in ContactKind
    ]
    empty = found(rows, pl.col("until_on") <= pl.col("from_on"), code="period_is_empty", column="until_on")
    return rows.with_columns(value=normal), together([*wrong, empty])
