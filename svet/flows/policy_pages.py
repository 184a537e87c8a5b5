"""The pages of switches of calculation: shown with their past, changed for months that are not charged yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from svet.domains.houses import queries as houses
from svet.domains.houses.queries import ChoiceOfHouse
from svet.domains.ledger import queries as ledger
from svet.domains.tariffs import actions as tariffs
from svet.domains.tariffs import queries
from svet.domains.tariffs.queries import PolicyView
from svet.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class SwitchPage:
    """A switch, and the first day from which it may get a new value: closed months stay what they are."""

    view: PolicyView
    earliest: date


def switches(*, on: date) -> list[PolicyView]:
    """Return all switches with their values on the day."""
    return queries.policies_on(on)


def choices_of_houses(*, on: date) -> list[ChoiceOfHouse]:
    """Return the houses that have something of their own in place of a switch on the day, with the documents."""
    return houses.choices_of_houses(on=on)


def switch(name: str, *, on: date) -> SwitchPage:
    """Return one switch; raise NotFound."""
    return SwitchPage(queries.policy_on(name, on=on), ledger.open_month(ledger.BEGINNING).first_on)


def change(name: str, *, value: str, from_on: date, source: str, at: datetime) -> None:
    """Give a switch a value from a day of an open month on.

    Raises DomainError("policy_begins_too_early"), and what `tariffs.actions.set_policy` raises.
    """
    earliest = ledger.open_month(ledger.BEGINNING).first_on
    if from_on < earliest:
        raise DomainError("policy_begins_too_early", earliest=earliest.isoformat())
    tariffs.set_policy(name, value=value, from_on=from_on, source=source.strip(), at=at)
