"""A small world for tests of metering: accounts with meters, made directly in the tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from svet.domains.accounts.models import Account, Agreement
from svet.domains.customers.models import Customer
from svet.domains.metering.models import Installation, Meter, Reading, ReadingReceipt, Register
from svet.domains.metering.rules import Channel, ReadingKind, Verdict
from svet.domains.supply.models import Premises, SupplyPoint
from svet.infra.fields import to_range
from svet.kernel.energy import BANDS, Zoning
from svet.kernel.identifiers import account_check_digit
from svet.kernel.period import Period

LONG_AGO = date(2020, 1, 1)
EVER_SINCE = Period(LONG_AGO)


@dataclass(frozen=True)
class Home:
    account: Account
    point: SupplyPoint
    meter: Meter

    @property
    def registers(self) -> list[Register]:
        return list(self.meter.registers.order_by("position"))


def home(
    place: int = 1,
    *,
    zoning: Zoning = Zoning.ONE,
    digits: int = 5,
    fraction_digits: int = 0,
    installed: Period = EVER_SINCE,
    agreed: Period = EVER_SINCE,
    max_power_kw: Decimal | None = Decimal(15),
    verification_due_on: date | None = None,
    multiplier: Decimal = Decimal(1),
) -> Home:
    """Make an account with a supply point and a meter SN-<place> on it."""
    first_nine = f"33{place:07d}"
    customer = Customer.objects.create(kind="person", code=f"C{place}", family_name="Иванова", given_name="Анна")
    account = Account.objects.create(
        number=first_nine + account_check_digit(first_nine), customer=customer, opened_on=agreed.start
    )
    premises = Premises.objects.create(
        code=f"P{place}", kind="flat", postal_code="600000", settlement="г. Владимир", street="ул. Мира", house="1"
    )
    point = SupplyPoint.objects.create(code=f"S{place}", premises=premises, max_power_kw=max_power_kw)
    Agreement.objects.create(account=account, supply_point=point, valid=to_range(agreed))
    made = meter(
        point,
        serial=f"SN-{place}",
        zoning=zoning,
        digits=digits,
        fraction_digits=fraction_digits,
        installed=installed,
        verification_due_on=verification_due_on,
        multiplier=multiplier,
    )
    return Home(account, point, made)


def meter(
    point: SupplyPoint, *, serial: str, installed: Period, zoning: Zoning = Zoning.ONE, **columns: object
) -> Meter:
    """Hang one more meter at a supply point."""
    made = Meter.objects.create(serial=serial, zoning=zoning, **columns)
    for position, band in enumerate(BANDS[zoning], 1):
        Register.objects.create(meter=made, position=position, band=band)
    Installation.objects.create(meter=made, supply_point=point, valid=to_range(installed))
    return made


def past(where: Home, *months: tuple[date, int], position: int = 1) -> None:
    """Give a register accepted readings of the past."""
    register = where.meter.registers.get(position=position)
    for day, value in months:
        Reading.objects.create(
            account=where.account,
            register=register,
            value=value,
            taken_on=day,
            kind=ReadingKind.REGULAR,
            channel=Channel.IMPORT,
            received_at=noon(day),
            verdict=Verdict.ACCEPTED,
        )


def noon(day: date) -> datetime:
    """Noon of a day in Moscow."""
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def receipt_count() -> int:
    """How many submissions have a receipt."""
    return ReadingReceipt.objects.count()
