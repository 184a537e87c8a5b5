"""What a terminal remembers of its visitor: kept on the server for a minute and a half, never in an address.

Each answer is a step of its own, so that one keypad serves them all; what is answered is kept in the session, and
the browser's history holds nothing but the address of the device.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from svet.domains.metering.queries import MeterForm
from svet.domains.offices.rules.channels import Deed
from svet.surfaces.web import words

KEPT = "terminal"
OVER = "over"
"""What the address of the first screen ends with when the time of a visit is over."""
LASTS = timedelta(seconds=90)
"""How long the screen waits for a touch before it forgets everything."""
ERASE = "erase"
LONGEST = 20


@dataclass(frozen=True, slots=True)
class Step:
    """One question: its name, what is asked, where to look, the keys beside the digits."""

    name: str
    label: str
    hint: str = ""
    more_keys: tuple[str, ...] = ()


FACTS = (
    Step("number", "Номер лицевого счёта", "10 цифр вверху счёта за электроэнергию"),
    Step("bill", "Номер последнего счёта", "Рядом с датой, например 2610-00000001", ("-",)),
    Step("amount", "Сколько в последнем счёте к оплате", "Например 512,40. Если платить не нужно, введите 0", (",",)),
)
METER, CONFIRM, DONE = "meter", "confirm", "done"


@dataclass(slots=True)
class Visit:
    """Where the visitor is, what he typed, what he is told of it; `account_id` once the bill proved it."""

    device_id: int
    deed: str
    until: datetime
    source_id: str
    step: str = FACTS[0].name
    typed: dict[str, str] = field(default_factory=dict)
    account_id: int | None = None
    meter: int = 0
    told: list[str] = field(default_factory=list)
    receipt: str = ""

    @classmethod
    def begun(cls, device_id: int, deed: Deed, *, source_id: str, at: datetime) -> Visit:
        """Return a visit at its first question."""
        return cls(device_id, deed.value, at + LASTS, source_id)

    @classmethod
    def found(cls, session: Mapping[str, Any], *, device_id: int, deed: Deed, at: datetime) -> Visit | None:
        """Return the visit that goes on at this device, None when there is none or its time is over."""
        kept = session.get(KEPT)
        if not kept:
            return None
        visit = cls(**{**kept, "until": datetime.fromisoformat(kept["until"])})
        goes_on = visit.until > at and (visit.device_id, visit.deed) == (device_id, deed.value)
        return visit if goes_on else None

    def as_kept(self) -> dict[str, Any]:
        """Return the visit as the session keeps it."""
        return asdict(self) | {"until": self.until.isoformat()}

    def goes_on(self, at: datetime) -> None:
        """Give the visitor the whole time again."""
        self.until = at + LASTS

    def seconds_left(self, at: datetime) -> int:
        """Return how many seconds are left, at least one."""
        return max(int((self.until - at).total_seconds()), 1)

    def press(self, key: str) -> None:
        """Put a key of the pad to what is typed, or take the last sign away."""
        now = self.typed.get(self.step, "")
        self.typed[self.step] = now[:-1] if key == ERASE else (now + key)[:LONGEST]

    def forget_values(self) -> None:
        """Begin the values of a meter anew."""
        self.typed = {name: value for name, value in self.typed.items() if not name.startswith("t")}


def register_steps(meter: MeterForm) -> list[Step]:
    """Return one question for each register of a meter."""
    single = len(meter.registers) == 1
    more = (",",) if meter.fraction_digits else ()
    hint = "Все цифры до запятой, слева направо"
    return [
        Step(
            f"t{one.position}",
            "Показание" if single else f"{words.of(one.band).capitalize()} (Т{one.position})",
            hint,
            more,
        )
        for one in meter.registers
    ]


def following(steps: Sequence[Step], name: str) -> str | None:
    """Return the name of the step after this one, None after the last.

    >>> [following(FACTS, one.name) for one in FACTS]
    ['bill', 'amount', None]
    """
    names = [one.name for one in steps]
    place = names.index(name) + 1
    return names[place] if place < len(names) else None


def before(steps: Sequence[Step], name: str) -> str | None:
    """Return the name of the step before this one, None at the first."""
    names = [one.name for one in steps]
    place = names.index(name)
    return names[place - 1] if place else None
