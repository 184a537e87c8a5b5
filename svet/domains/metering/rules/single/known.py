"""What must be known to judge one submission to one account: plain values, the same facts as the frames of `context`.

Nothing here judges, nothing reads a clock or a database. Energy is in watt-hours of the dial, power in watts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from svet.domains.metering.rules import Channel, ReadingKind
from svet.domains.metering.rules.policies import ReadingPolicies
from svet.domains.metering.rules.values import as_text, register_key
from svet.kernel.energy import TimeBand


@dataclass(frozen=True, slots=True)
class Place:
    """A meter at a supply point of the account, with the days of the agreement and of the installation.

    `meter_id` and what follows from it are None where no meter ever hung.
    """

    meter_id: int | None
    serial: str | None
    agreed_on: date
    ended_on: date | None
    installed_on: date | None
    removed_on: date | None
    digits: int
    fraction_digits: int
    multiplier_e4: int
    verification_due_on: date | None
    max_power_w: int | None


@dataclass(frozen=True, slots=True)
class KnownRegister:
    """A register of one of the meters."""

    meter_id: int
    register_id: int
    position: int
    band: str


@dataclass(frozen=True, slots=True)
class KnownReading:
    """A reading in force."""

    register_id: int
    reading_id: int
    value_wh: int
    taken_on: date
    kind: str
    counts_from: date


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """All that the rules need to know of one account; `billed_month` is the last one billed."""

    places: tuple[Place, ...]
    registers: tuple[KnownRegister, ...]
    history: tuple[KnownReading, ...]
    billed_month: date | None
    policies: ReadingPolicies


@dataclass(frozen=True, slots=True)
class Submission:
    """Values of one meter as they came: `values` are pairs of a register's key (`register_key`) and a text."""

    values: tuple[tuple[str, str], ...]
    taken_on: date
    given_on: date
    channel: Channel = Channel.CABINET
    kind: ReadingKind = ReadingKind.REGULAR
    meter_serial: str | None = None

    @classmethod
    def of(
        cls,
        values: Mapping[str | int | TimeBand, object] | Iterable[tuple[str | int | TimeBand, object]],
        *,
        taken_on: date,
        given_on: date,
        channel: Channel = Channel.CABINET,
        kind: ReadingKind = ReadingKind.REGULAR,
        meter_serial: str | None = None,
    ) -> Submission:
        """Return a submission out of values keyed by a band, a position ("1", "T1") or a register id."""
        pairs = values.items() if isinstance(values, Mapping) else values
        keyed = tuple((register_key(key), as_text(value)) for key, value in pairs)
        return cls(keyed, taken_on, given_on, Channel(channel), ReadingKind(kind), meter_serial or None)
