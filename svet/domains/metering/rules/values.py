"""What people and devices write where a meter's value belongs, turned into watt-hours.

A value is digits with at most one comma or point; anything else (NaN, 1e5, a date) is not a number.
Fractions finer than the dial shows are dropped, never rounded up: the dial has not turned that far.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from svet.kernel.energy import TimeBand

STORABLE_DIGITS = 11
"""Whole digits that numeric(14,3) holds."""

_FORM = r"^([+-]?)0*([0-9]{0,40})(?:\.([0-9]{0,40}?)0*)?$"
_FORM_OF_ONE = re.compile(_FORM.removesuffix("$") + r"\Z")
_SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""What Unicode calls white space; `str.strip` would take four more."""
_NO_SPACES = str.maketrans("", "", _SPACES)


@dataclass(frozen=True, slots=True)
class Number:
    """A value as it was read: its digits as text, without idle zeros."""

    is_number: bool
    is_negative: bool
    whole: str
    fraction: str

    def watt_hours(self, fraction_digits: int) -> int | None:
        """Return the value in watt-hours as the dial shows it, None where it is no value or cannot be stored."""
        if not self.is_number or self.is_negative or len(self.whole) > STORABLE_DIGITS:
            return None
        return int(self.whole + self.fraction[: min(fraction_digits, 3)].ljust(3, "0"))


def as_text(value: object) -> str:
    """Return a value as the text that the checks read; never spells out a monstrous exponent.

    >>> as_text(Decimal("1E+3")), as_text(Decimal("NaN")), as_text(" 12,5 "), as_text(None)
    ('1000', 'NaN', ' 12,5 ', '')
    """
    if value is None:
        return ""
    if isinstance(value, float):
        raise TypeError("a reading is never a float")
    if isinstance(value, Decimal) and value.is_finite():
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and exponent >= -30 and value.adjusted() <= 30:
            return format(value, "f")
    return storable(str(value)[:80])


def storable(text: str) -> str:
    r"""Return `text` without what PostgreSQL cannot keep: zero bytes and halves of characters.

    >>> storable("12\x003")
    '12�3'
    """
    return text.replace("\0", "�").encode("utf-8", "replace").decode()


def register_key(key: str | int | TimeBand) -> str:
    """Return the key under which a register is looked for: its position, its band, or "#" and its id.

    >>> register_key("T1"), register_key("Night"), register_key(17)
    ('1', 'night', '#17')
    """
    if isinstance(key, int):
        return f"#{key}"
    text = storable(str(key)).strip().lower()[:40]
    return text[1:] if len(text) == 2 and text[0] in "tт" else text


def number_of(text: str | None) -> Number:
    """Return what a text says, as `parsed` does for a column.

    >>> number_of(" 0012,50 ")
    Number(is_number=True, is_negative=False, whole='12', fraction='5')
    """
    clean = (text or "").strip(_SPACES).replace(",", ".", 1).replace("−", "-", 1)
    match = _FORM_OF_ONE.match(clean)
    sign, whole, fraction = match.groups(default="") if match else ("", "", "")
    is_number = match is not None and any(one in "0123456789" for one in clean)
    return Number(is_number, sign == "-" and bool(whole or fraction), whole, fraction)


def serial_form(serial: str) -> str:
    """Return the form in which serial numbers are compared: without spaces, leading zeros and case.

    >>> serial_form(" 00 12ab") == serial_form("12AB")
    True
    """
    return serial.translate(_NO_SPACES).upper().lstrip("0")


def parsed(text: pl.Expr) -> pl.Expr:
    """Return a struct: `is_number`, `is_negative`, `whole`, `fraction` (digits as text, without idle zeros)."""
    clean = text.str.strip_chars().str.replace(",", ".", literal=True).str.replace("−", "-", literal=True)
    groups = clean.str.extract_groups(_FORM)
    whole = groups.struct.field("2").fill_null("")
    fraction = groups.struct.field("3").fill_null("")
    return pl.struct(
        is_number=(groups.struct.field("2").is_not_null() & clean.str.contains("[0-9]")).fill_null(False),
        is_negative=((groups.struct.field("1") == "-") & ((whole != "") | (fraction != ""))).fill_null(False),
        whole=whole,
        fraction=fraction,
    )


def watt_hours(whole: pl.Expr, fraction: pl.Expr, *, fraction_digits: pl.Expr) -> pl.Expr:
    """Return the value in watt-hours, null where the database could not hold it."""
    shown = fraction.str.slice(0, pl.min_horizontal(fraction_digits, pl.lit(3)).cast(pl.UInt32)).str.pad_end(3, "0")
    fits = whole.str.len_bytes() <= STORABLE_DIGITS
    digits = pl.when(fits).then(pl.concat_str(whole, shown))
    return digits.cast(pl.Int64, strict=False)


def kwh_text(watt_hours: pl.Expr) -> pl.Expr:
    """Return watt-hours (not negative) as kWh text with exactly three digits, as COPY takes it."""
    return pl.concat_str(
        (watt_hours // 1000).cast(pl.String), pl.lit("."), (watt_hours % 1000).cast(pl.String).str.zfill(3)
    )


def kwh_short(watt_hours: pl.Expr) -> pl.Expr:
    """Return watt-hours as kWh text for people: without idle zeros, with a minus where there is one."""
    sign = pl.when(watt_hours < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str(sign, kwh_text(watt_hours.abs()).str.strip_chars_end("0").str.strip_chars_end("."))


def exact_kwh(watt_hours: int | None) -> str | None:
    """Return watt-hours (not negative) as kWh text with exactly three digits.

    >>> exact_kwh(1234500)
    '1234.500'
    """
    return None if watt_hours is None else f"{watt_hours // 1000}.{watt_hours % 1000:03}"


def short_kwh(watt_hours: int | None) -> str | None:
    """Return watt-hours as kWh text for people: without idle zeros, with a minus where there is one.

    >>> short_kwh(1234500), short_kwh(-2000)
    ('1234.5', '-2')
    """
    if watt_hours is None:
        return None
    text = f"{abs(watt_hours) // 1000}.{abs(watt_hours) % 1000:03}".rstrip("0").rstrip(".")
    return f"-{text}" if watt_hours < 0 else text


def kwh(watt_hours: int | None) -> Decimal | None:
    """Return watt-hours as kWh with three digits.

    >>> kwh(1234500)
    Decimal('1234.500')
    """
    return None if watt_hours is None else Decimal(watt_hours).scaleb(-3)
