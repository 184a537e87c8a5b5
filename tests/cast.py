"""The fixed cast: people of the demo town with accounts, meters and readings, staff with their second factor.

Householders: Anna (one zone), Igor (two zones), Vera (pays in part, owes). `intruder` has an account of his own
and nothing to do with theirs. Everything is made by the domains' own actions, on fixed days.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

from svet.domains.access import actions as access
from svet.domains.accounts import actions as accounts
from svet.domains.accounts.queries import AccountView
from svet.domains.accounts.rules import GrantRole
from svet.domains.customers import actions as customers
from svet.domains.customers.rules import CustomerKind
from svet.domains.ledger import actions as ledger
from svet.domains.ledger.rules import EntryKind
from svet.domains.metering import actions as metering
from svet.domains.metering.models import Installation, Meter, Register
from svet.domains.metering.rules import Channel, ReadingKind
from svet.domains.payments import actions as payments
from svet.domains.payments.rules import SourceKind
from svet.domains.supply import actions as supply
from svet.domains.supply.rules import PremisesKind
from svet.infra.clock import MOSCOW
from svet.infra.fields import to_range
from svet.kernel.energy import BANDS, ConsumerCategory, Zoning
from svet.kernel.period import Month, Period
from svet.surfaces.console.demo import names
from svet.surfaces.console.demo.town import account_number
from tests import replay

PASSWORD = names.PASSWORD
LONG_AGO = date(2024, 1, 1)
NOW = datetime(2026, 11, 18, 10, 30, tzinfo=MOSCOW)
"""The moment at which tests of pages live: the window for readings is open, October waits to be billed."""


@dataclass(frozen=True)
class Householder:
    """A person with a login and an account."""

    user_id: int
    account: AccountView
    name: str
    serial: str
    supply_point_id: int

    @property
    def number(self) -> str:
        return self.account.number


@dataclass(frozen=True)
class Employee:
    """A member of staff; `secret` seeds the authenticator application."""

    user_id: int
    username: str
    secret: str


@dataclass(frozen=True)
class Cast:
    anna: Householder
    igor: Householder
    vera: Householder
    intruder: Householder
    staff: dict[str, Employee] = field(default_factory=dict)


def moment(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=MOSCOW)


def assemble() -> Cast:
    """Bring everybody in: householders with a year of readings, staff with roles."""
    return replay.once("cast", _make)


def _make() -> Cast:
    payments.open_source("sberbank", name="Сбербанк", kind=SourceKind.BANK_REGISTER, at=moment(LONG_AGO))
    anna = householder(1, "anna", [12_840], monthly=[190])
    igor = householder(2, "igor", [8_400, 4_100], monthly=[210, 100])
    vera = householder(3, "vera", [5_210], monthly=[150])
    ledger.post(
        account_id=vera.account.id,
        kind=EntryKind.OPENING,
        amount=Decimal("4218.60"),
        month=Month("2026-10"),
        concerns=Month("2026-09"),
        posted_on=date(2026, 10, 1),
        source_kind="opening",
        source_id=1,
        recorded_at=moment(date(2026, 10, 1)),
    )
    intruder = householder(4, "pavel", [700], monthly=[90])
    return Cast(anna, igor, vera, intruder, staff={one.role: employee(one) for one in names.STAFF})


def householder(place: int, code: str, start: list[int], *, monthly: list[int]) -> Householder:
    """Give one of the cast a home with a meter, its reading of every month since July, and a login."""
    person = next(one for one in names.CAST if one.code == code)
    at, number = moment(LONG_AGO), account_number(place)
    full = {"family_name": person.family_name, "given_name": person.given_name, "patronymic": person.patronymic}
    customer_id = customers.register_customer(kind=CustomerKind.PERSON, at=at, **full)
    premises = supply.PremisesData(
        code=f"ПМ-{place}",
        kind=PremisesKind.FLAT,
        postal_code="600902",
        settlement=names.TOWN,
        street="ул. Садовая",
        house="12",
        flat=str(9 + place),
        rooms=2,
        area_m2=Decimal(52),
    )
    point_id = supply.register_supply_point(f"ТП-{place}", premises=premises, at=at, max_power_kw=Decimal(15))
    supply.set_category(point_id, territory="nn", category=ConsumerCategory.URBAN_GAS, from_on=date(2025, 1, 1), at=at)
    account = accounts.open_account(customer_id, opened_on=LONG_AGO, at=at, number=number)
    accounts.make_agreement(account.id, supply_point_id=point_id, from_on=LONG_AGO, at=at, number=f"Д-{number}")
    accounts.change_household(account.id, from_on=LONG_AGO, registered=2, at=at)
    serial = f"4100{place:04d}"
    _meter(serial, point_id, zoning=Zoning(str(len(start))))
    _readings(account.id, serial, start, monthly=monthly)
    user_id = access.create_user(number, password=PASSWORD, at=at, email=f"{code}@example.org", **full)
    accounts.grant_access(account.id, user_id=user_id, role=GrantRole.OWNER, from_on=LONG_AGO, at=at)
    return Householder(user_id, account, f"{person.family_name} {person.given_name}", serial, point_id)


def employee(one: names.Staff, *, second_factor: bool = True) -> Employee:
    """Give a member of staff a login, the role and the authenticator application."""
    family, given, patronymic = one.name
    user_id = access.create_user(
        one.username,
        password=PASSWORD,
        at=moment(LONG_AGO),
        family_name=family,
        given_name=given,
        patronymic=patronymic,
        position=one.position,
        roles=[one.role],
    )
    if second_factor:
        access.set_up_authenticator(user_id, secret=one.secret, at=moment(LONG_AGO))
    return Employee(user_id, one.username, one.secret)


def _meter(serial: str, point_id: int, *, zoning: Zoning) -> None:
    meter = Meter.objects.create(serial=serial, model="СЭБ", zoning=zoning, digits=6)
    for position, band in enumerate(BANDS[zoning], 1):
        Register.objects.create(meter=meter, position=position, band=band)
    Installation.objects.create(meter=meter, supply_point_id=point_id, valid=to_range(Period(LONG_AGO)))


def _readings(account_id: int, serial: str, start: list[int], *, monthly: list[int]) -> None:
    values, day = list(start), date(2026, 6, 22)
    for count in range(5):
        metering.submit_reading(
            account_id=account_id,
            values={str(place): value for place, value in enumerate(values, 1)},
            taken_on=day,
            received_at=moment(day),
            channel=Channel.METER_READER,
            source_id=f"round-{day}",
            meter_serial=serial,
            kind=ReadingKind.INITIAL if count == 0 else ReadingKind.REGULAR,
        )
        values = [value + used for value, used in zip(values, monthly, strict=True)]
        day = Month.of(day).next.first_on.replace(day=22)
