"""Whom a complaint keeps away from itself (clause A7): those it is about and those who stand below them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an employee stands: himself, who leads the units he is in, and those units up to the top."""

    user_id: int
    leaders: frozenset[int] = frozenset()
    units: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class About:
    """Whom a complaint is about."""

    user_ids: frozenset[int] = frozenset()
    unit_ids: frozenset[int] = frozenset()


def is_barred(standing: Standing, about: About) -> bool:
    """Say whether the complaint is about this employee, somebody who leads him, or a unit that he is in.

    >>> clerk = Standing(7, leaders=frozenset({1}), units=frozenset({10, 20}))
    >>> [is_barred(clerk, About(user_ids=frozenset({one}))) for one in (7, 1, 8)]
    [True, True, False]
    >>> is_barred(clerk, About(unit_ids=frozenset({20})))
    True
    """
    return bool(({standing.user_id} | standing.leaders) & about.user_ids or standing.units & about.unit_ids)


def with_leaders(user_id: int, *, leaders: Iterable[int], units: Iterable[int]) -> Standing:
    """Return a standing; who leads his own unit does not stand below himself."""
    return Standing(user_id, frozenset(leaders) - {user_id}, frozenset(units))
