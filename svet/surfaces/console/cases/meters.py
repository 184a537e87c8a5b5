"""Meters and readings of a case, as they are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from svet.domains.metering.rules import ReadingKind
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.energy import BANDS, Zoning
from svet.kernel.period import Month
from svet.surfaces.console.cases import tree
from svet.surfaces.console.cases.tree import CaseError, Items, Node, Table, Text, day, one_of, scalar, scaled, whole

KINDS = tuple(kind.value for kind in ReadingKind)


@dataclass(frozen=True)
class Meter:
    """A meter with one register for each band of its zoning."""

    serial: str
    zoning: Zoning
    digits: int
    multiplier_e4: int
    installed_on: date
    removed_on: date | None
    verification_due_on: date | None
    told_on: date | None

    def known_on(self, day: date) -> bool:
        """Say whether the meter is known before the day: where it hung up late, since it was told."""
        told = self.installed_on if self.told_on is None or self.removed_on is not None else self.told_on
        return self.installed_on < day and told < day

    def removal_known_on(self, day: date) -> date | None:
        """Return when the meter was taken down, as far as it is known before the day."""
        return None if self.told_on is not None and self.told_on >= day else self.removed_on

    @property
    def bands(self) -> list[str]:
        """The bands in the order of the dials."""
        return [band.value for band in BANDS[self.zoning]]


@dataclass(frozen=True)
class Reading:
    """The values of one meter on one day, by band, in watt-hours; `replaces` is the name of the one it corrects."""

    name: str
    meter: int
    on: date
    received_on: date
    kind: str
    values: dict[str, int]
    replaces: str


def read_meters(installed_by_default: date) -> Callable[[Node, str], Meter]:
    """Return a reader of one meter."""

    def read(node: Node, name: str) -> Meter:
        row = tree.table(node, name)
        meter = Meter(
            serial=row.take("serial", scalar, default=""),
            zoning=Zoning(row.take("zoning", one_of("1", "2", "3"), default="1")),
            digits=row.take("digits", _digits, default=5),
            multiplier_e4=row.take("multiplier", _multiplier, default=10_000),
            installed_on=row.take("installed", day, default=installed_by_default),
            removed_on=row.take("removed", day),
            verification_due_on=row.take("verification_due", day),
            told_on=row.take("told", day),
        )
        row.close()
        return meter

    return read


def read_readings(meters: list[Meter]) -> Callable[[Node, str], list[Reading]]:
    """Return a reader of the list of readings of `meters`."""

    def read_all(node: Node, name: str) -> list[Reading]:
        nodes = node.items if isinstance(node, Items) else [node]
        readings: list[Reading] = []
        for number, item in enumerate(nodes, start=1):
            reading = _reading(tree.table(item, name), meters, f"№{number}")
            if reading.replaces and reading.replaces not in {earlier.name for earlier in readings}:
                raise CaseError(f"«replaces»: показания «{reading.replaces}» выше нет", line=item.line)
            if reading.name in {earlier.name for earlier in readings}:
                raise CaseError(f"«id»: «{reading.name}» встречается дважды", line=item.line)
            readings.append(reading)
        return readings

    return read_all


def _reading(row: Table, meters: list[Meter], name: str) -> Reading:
    serial = row.take("meter", scalar, default="")
    found = [place for place, meter in enumerate(meters) if serial in ("", meter.serial)]
    if len(found) != 1:
        problem = "такого прибора нет" if serial else "приборов не один, укажите «meter»"
        raise CaseError(f"«meter»: {problem} ({serial or 'не указан'})", line=row.line)
    on = row.take("on", day, needed=True)
    values = row.take("values", lambda node, key: _values(node, key, meters[found[0]]), needed=True)
    reading = Reading(
        name=row.take("id", scalar, default=name),
        meter=found[0],
        on=on,
        received_on=row.take("received", day, default=on),
        kind=row.take("kind", one_of(*KINDS), default=ReadingKind.REGULAR.value),
        values=values,
        replaces=row.take("replaces", scalar, default=""),
    )
    row.close()
    return reading


def _values(node: Node, name: str, meter: Meter) -> dict[str, int]:
    """Read one value, a list in the order of the dials, or values by band; leading zeros may be written."""
    if isinstance(node, Table):
        unknown = [band for band in node.entries if band not in meter.bands]
        if unknown:
            text = f"«{name}»: шкалы «{unknown[0]}» нет; есть: {', '.join(meter.bands)}"
            raise CaseError(text, line=node.line)
        return {band: _dial(value, name) for band, value in node.entries.items()}
    nodes = node.items if isinstance(node, Items) else [node]
    if len(nodes) != len(meter.bands):
        text = f"«{name}»: значений {len(nodes)}, а шкал {len(meter.bands)} ({', '.join(meter.bands)})"
        raise CaseError(text, line=node.line)
    return {band: _dial(value, name) for band, value in zip(meter.bands, nodes, strict=True)}


def _dial(node: Node, name: str) -> int:
    value = scaled(3)(node, name)
    if not 0 <= value < 10**12:
        raise CaseError(f"«{name}»: показание не может быть таким: {scalar(node, name)}", line=node.line)
    return value


def _digits(node: Node, name: str) -> int:
    digits = whole(node, name)
    if not 3 <= digits <= 9:
        raise CaseError(f"«{name}»: у счётчика от 3 до 9 цифр, а не {digits}", line=node.line)
    return digits


def _multiplier(node: Text | Items | Table, name: str) -> int:
    value = scaled(4)(node, name)
    if not 0 < value <= 10**8:
        raise CaseError(f"«{name}»: коэффициент должен быть больше нуля и не больше 10000", line=node.line)
    return value


def is_known(reading: Reading, month: Month, policies: Policies) -> bool:
    """Say whether a reading came in time for the bill of `month`.

    A consumer's reading that came later than it was taken counts by the day it came; any other is known to the
    bill when it came by the day after the month.
    """
    came = reading.received_on
    if reading.kind == ReadingKind.REGULAR.value and came > reading.on:
        late = came.day > policies.reading_cutoff_day
        return Month.of(came).plus(int(late)) <= month
    return came <= month.next.first_on
