"""What the administrator of logins sees: staff, units and offices; never a customer's data."""

from __future__ import annotations

from dataclasses import dataclass

from svet.domains.access import queries as access
from svet.domains.access.queries import StaffMember, UnitView
from svet.domains.offices import queries as offices


@dataclass(frozen=True, slots=True)
class StaffPage:
    """Staff and the units they work in."""

    staff: tuple[StaffMember, ...]
    units: tuple[UnitView, ...]


@dataclass(frozen=True, slots=True)
class MemberPage:
    """One employee and the units he may be moved to."""

    member: StaffMember
    units: tuple[UnitView, ...]


@dataclass(frozen=True, slots=True)
class UnitsPage:
    """The units as a tree written in lines, and the offices a unit may be."""

    units: tuple[UnitView, ...]
    offices: tuple[tuple[str, str], ...]


def everybody() -> StaffPage:
    """Return all staff."""
    return StaffPage(staff=tuple(access.staff()), units=tuple(access.units()))


def member(user_id: int) -> MemberPage:
    """Return one employee; raise NotFound."""
    return MemberPage(member=access.staff_member(user_id), units=tuple(access.units()))


def units() -> UnitsPage:
    """Return the units and the offices."""
    choices = tuple((office.code, office.address) for office in offices.directory())
    return UnitsPage(units=tuple(access.units()), offices=choices)
