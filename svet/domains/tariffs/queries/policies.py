"""The switches of calculation as people look at them: the value in force, since when, on what ground, what comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from svet.domains.tariffs.models import PolicySwitch
from svet.domains.tariffs.rules.policies import BY_NAME, POLICIES, Policy
from svet.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class PolicyValue:
    """A value from a day on; `from_on` is None for the default."""

    value: str
    from_on: date | None
    until_on: date | None
    source: str


@dataclass(frozen=True, slots=True)
class PolicyView:
    """A switch with the value of a day, and all values it ever got, the latest first."""

    policy: Policy
    now: PolicyValue
    values: tuple[PolicyValue, ...]

    @property
    def coming(self) -> PolicyValue | None:
        """The next value, where one is set already."""
        later = [one for one in self.values if one.from_on and self.now.until_on and one.from_on >= self.now.until_on]
        return later[-1] if later else None


def policies_on(on: date) -> list[PolicyView]:
    """Return all switches with their values on the day, in the order of the catalogue."""
    rows: dict[str, list[PolicySwitch]] = {}
    for row in PolicySwitch.objects.order_by("name", "-valid"):
        rows.setdefault(row.name, []).append(row)
    return [_view(policy, rows.get(policy.name, []), on=on) for policy in POLICIES]


def policy_on(name: str, *, on: date) -> PolicyView:
    """Return one switch; raise NotFound."""
    if name not in BY_NAME:
        raise NotFound(policy=name)
    return _view(BY_NAME[name], list(PolicySwitch.objects.filter(name=name).order_by("-valid")), on=on)


def _view(policy: Policy, rows: list[PolicySwitch], *, on: date) -> PolicyView:
    values = tuple(PolicyValue(row.value, row.valid.lower, row.valid.upper, row.source) for row in rows)
    first = min((one.from_on for one in values if one.from_on), default=None)
    default = PolicyValue(policy.default, None, first, policy.source)
    now = next((one for one in values if one.from_on and one.from_on <= on), default)
    return PolicyView(policy, now, values)
