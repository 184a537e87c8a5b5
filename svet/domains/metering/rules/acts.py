"""What an act about a meter says: who hung up or took down which meter on which day, or verified or sealed it.

Pure values and what they must be by themselves; what they must be beside what is known, `actions.acts` asks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from svet.kernel.energy import BANDS, Zoning
from svet.kernel.errors import DomainError

OLDEST_DAYS = 365
"""An act older than this finds no bill that could still correct: the engine looks back 13 months."""
MOST_SCANS = 10

_SERIAL = re.compile(r"[0-9A-Za-zА-Яа-яЁё][0-9A-Za-zА-Яа-яЁё./\- ]{0,49}")


class ActKind(StrEnum):
    """What was done to a meter."""

    INSTALLATION = "installation"
    REMOVAL = "removal"
    REPLACEMENT = "replacement"
    VERIFICATION = "verification"
    SEALING = "sealing"


class ActRefused(DomainError):
    """The act contradicts itself or what is known; the code says how."""

    code = "act_is_refused"


@dataclass(frozen=True, slots=True)
class Paper:
    """What every act says: its number, who signed, seals; `scans` are ids of stored files.

    `request_key` is the wish of one person to record one act: the same key again changes nothing.
    """

    number: str
    signed_by: str
    request_key: str
    seals: str = ""
    note: str = ""
    scans: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NewMeter:
    """A meter as its passport tells it. `digits` are the whole-kWh digits of the dial."""

    serial: str
    model: str
    zoning: Zoning
    digits: int
    fraction_digits: int = 0
    multiplier: Decimal = Decimal(1)
    made_on: date | None = None
    verified_on: date | None = None
    verification_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Hung:
    """A meter hung up on a day with what its dials showed, by position ("1", "2", "3")."""

    meter: NewMeter
    on: date
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TakenDown:
    """A meter taken down on a day with what its dials showed; no values when it shows nothing any more."""

    serial: str
    on: date
    values: Mapping[str, str] = field(default_factory=dict)


def check_paper(paper: Paper) -> None:
    """Refuse an act without number, signature or key, or with more scans than one act has.

    Raises ActRefused: "act_number_is_needed", "act_signature_is_needed", "too_many_scans"; ValueError without a key.
    """
    if not paper.request_key or len(paper.request_key) > 64:
        raise ValueError("an act needs a key of 1 to 64 characters")
    if not paper.number.strip():
        raise ActRefused("act_number_is_needed")
    if not paper.signed_by.strip():
        raise ActRefused("act_signature_is_needed")
    if len(set(paper.scans)) > MOST_SCANS:
        raise ActRefused("too_many_scans", most=MOST_SCANS)


def check_day(day: date, *, today: date) -> None:
    """Refuse a day to come, and one so long ago that no bill would correct it any more."""
    if day > today:
        raise ActRefused("act_day_is_to_come", on=day)
    if (today - day).days > OLDEST_DAYS:
        raise ActRefused("act_is_too_old", on=day, days=OLDEST_DAYS)


def check_meter(meter: NewMeter, *, on: date) -> None:
    """Refuse a meter that no passport describes.

    Raises ActRefused: "serial_is_no_serial", "digits_are_wrong", "multiplier_is_wrong",
    "verification_is_over_before_it_begins", "verification_expired_before_installation", "verified_after_installation".
    """
    if not _SERIAL.fullmatch(meter.serial):
        raise ActRefused("serial_is_no_serial", serial=meter.serial[:60])
    if not (3 <= meter.digits <= 9 and 0 <= meter.fraction_digits <= 3):
        raise ActRefused("digits_are_wrong")
    if not 0 < meter.multiplier <= 100_000:
        raise ActRefused("multiplier_is_wrong")
    due, verified = meter.verification_due_on, meter.verified_on
    if due is not None and verified is not None and due <= verified:
        raise ActRefused("verification_is_over_before_it_begins")
    if due is not None and due <= on:
        raise ActRefused("verification_expired_before_installation", due_on=due)
    if verified is not None and verified > on:
        raise ActRefused("verified_after_installation", verified_on=verified)


def check_order(*, removed_on: date, installed_on: date) -> None:
    """Refuse a replacement whose new meter hung before the old one was taken down."""
    if installed_on < removed_on:
        raise ActRefused("installed_before_removal", removed_on=removed_on, installed_on=installed_on)


def positions_of(zoning: Zoning) -> tuple[str, ...]:
    """Return the positions of the dials of such a meter.

    >>> positions_of(Zoning.TWO)
    ('1', '2')
    """
    return tuple(str(place) for place in range(1, len(BANDS[zoning]) + 1))
