"""The pages of an engineer: all houses with a month's balance, one house by months with its meters and readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q

from svet.domains.accounts import queries as accounts
from svet.domains.houses.models import House, HouseMeter, HouseMonth, HouseReading, HouseShare, HouseTerms
from svet.domains.houses.queries.inputs import PlacedDwelling, dwellings, standing_month
from svet.domains.houses.rules import BY_METER, ChargedBy
from svet.domains.supply import queries as supply
from svet.infra.fields import to_period
from svet.kernel.errors import NotFound
from svet.kernel.period import Month

MONTHS = 13
DWELLINGS_AT_ONCE = 50
APART_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class SettledMonth:
    """A settled month of a house: all in kWh; `findings` are codes of what an engineer should look at."""

    month: Month
    version: int
    rule: str
    house: Decimal
    measured: Decimal
    average: Decimal
    norm: Decimal
    other: Decimal
    difference: Decimal
    limit: Decimal | None
    charged: Decimal
    uncharged: Decimal
    carried: Decimal
    households: Decimal
    others: Decimal
    per_m2: Decimal
    facts: Mapping[str, Any]
    findings: tuple[str, ...]

    @property
    def own(self) -> Decimal:
        """All own volumes of dwellings."""
        return self.measured + self.average + self.norm


@dataclass(frozen=True, slots=True)
class HouseLine:
    """A house in the list; `charged_by` is None without terms in the month.

    `settled` is None while the month is not settled, with `is_read` saying why perhaps.
    """

    house_id: int
    code: str
    address: str
    charged_by: ChargedBy | None
    has_meter: bool
    is_read: bool
    settled: SettledMonth | None

    @property
    def findings(self) -> tuple[str, ...]:
        """What an engineer should look at."""
        if self.charged_by is not ChargedBy.SUPPLIER:
            return ()
        if self.settled is not None:
            return self.settled.findings
        return ("H56",) if self.has_meter and not self.is_read else ()


@dataclass(frozen=True, slots=True)
class HouseReadingView:
    """A reading in force."""

    reading_id: int
    taken_on: date
    value: Decimal
    passed_zero: bool
    is_correction: bool


@dataclass(frozen=True, slots=True)
class HouseMeterView:
    """A common meter with its last readings, the latest first."""

    meter_id: int
    serial: str
    digits: int
    multiplier: Decimal
    from_on: date
    until_on: date | None
    readings: tuple[HouseReadingView, ...]


@dataclass(frozen=True, slots=True)
class HouseDwelling:
    """A supply in the house in the month: area of its part in m², own use and share in kWh once settled."""

    number: str
    address: str
    area: Decimal
    days: int
    own: Decimal | None
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class HousePage:
    """One house: its terms on the last day of the month, meters, settled months (the latest first).

    `all_terms` are those of all times, the latest first. `dwellings` are a page of `all_dwellings`, from the one with
    the number `first` (counted from 0) on.
    """

    house_id: int
    code: str
    address: str
    premises: int
    terms: HouseTerms | None
    meters: tuple[HouseMeterView, ...]
    months: tuple[SettledMonth, ...]
    all_terms: tuple[HouseTerms, ...]
    dwellings: tuple[HouseDwelling, ...]
    all_dwellings: int
    first: int

    @property
    def earlier(self) -> int | None:
        """Where the page of dwellings before begins, None on the first one."""
        return max(self.first - DWELLINGS_AT_ONCE, 0) if self.first else None

    @property
    def later(self) -> int | None:
        """Where the next page of dwellings begins, None on the last one."""
        following = self.first + DWELLINGS_AT_ONCE
        return following if following < self.all_dwellings else None


@dataclass(frozen=True, slots=True)
class ChoiceOfHouse:
    """A house whose terms say other than a policy (`house_excess`, `house_negative`), by what document."""

    house_id: int
    address: str
    policy: str
    value: str
    from_on: date
    source: str


def house_lines(*, month: Month, text: str = "", limit: int = 100) -> list[HouseLine]:
    """Return houses by address with the month's balance; `text` is a part of the address or the code."""
    rows = House.objects.all()
    if text.strip():
        rows = rows.filter(Q(address__icontains=text.strip()) | Q(code__iexact=text.strip()))
    found = list(rows.order_by("address", "pk")[:limit])
    ids = [row.pk for row in found]
    terms = dict(
        HouseTerms.objects.filter(house_id__in=ids, valid__contains=month.first_on).values_list(
            "house_id", "charged_by"
        )
    )
    settled = {
        one.house_id: one
        for one in HouseMonth.objects.filter(house_id__in=ids, month=month.first_on).order_by("version")
    }
    span = (month.first_on, month.next.first_on)
    meters = set(HouseMeter.objects.filter(house_id__in=ids, valid__overlap=span).values_list("house_id", flat=True))
    read = set(
        HouseReading.objects.filter(
            meter__house_id__in=ids, taken_on__range=(month.first_on, month.last_on), replaced_by=None,
            value__isnull=False,
        ).values_list("meter__house_id", flat=True)
    )  # fmt: skip
    return [
        HouseLine(
            house_id=row.pk,
            code=row.code,
            address=row.address,
            charged_by=ChargedBy(terms[row.pk]) if row.pk in terms else None,
            has_meter=row.pk in meters,
            is_read=row.pk in read,
            settled=_settled(settled[row.pk]) if row.pk in settled else None,
        )
        for row in found
    ]


def all_houses() -> list[tuple[int, str]]:
    """Return the houses by address: id and address."""
    return list(House.objects.order_by("address", "pk").values_list("pk", "address"))


def choices_of_houses(*, on: date, limit: int = APART_AT_ONCE) -> list[ChoiceOfHouse]:
    """Return what houses have of their own in place of policies on the day, by address; at most so many houses."""
    rows = HouseTerms.objects.filter(valid__contains=on, charged_by=ChargedBy.SUPPLIER).exclude(excess="", negative="")
    return [
        ChoiceOfHouse(row.house_id, row.house.address, policy, value, to_period(row.valid).start, row.source)
        for row in rows.select_related("house").order_by("house__address", "house_id")[:limit]
        for policy, value in (("house_excess", row.excess), ("house_negative", row.negative))
        if value
    ]


def house_page(house_id: int, *, month: Month, first: int = 0) -> HousePage:
    """Return one house with its last 13 settled months and a page of its dwellings from `first` on; raise NotFound."""
    house = House.objects.filter(pk=house_id).annotate(count=Count("places")).first()
    if house is None:
        raise NotFound(house=house_id)
    rows = HouseMonth.objects.filter(house=house, month__gt=month.plus(-MONTHS).first_on, month__lte=month.first_on)
    latest = {row.month: row for row in rows.order_by("month", "version")}
    placed = dwellings([house_id], month=month)[house_id]
    first = first if 0 <= first < len(placed) else 0
    return HousePage(
        house_id=house.pk,
        code=house.code,
        address=house.address,
        premises=house.count,
        terms=HouseTerms.objects.filter(house=house, valid__contains=month.last_on).first(),
        meters=tuple(_meter(one) for one in HouseMeter.objects.filter(house=house).order_by("-valid", "serial")),
        months=tuple(_settled(row) for row in reversed(latest.values())),
        all_terms=tuple(HouseTerms.objects.filter(house=house).order_by("-valid")),
        dwellings=_shown(placed[first : first + DWELLINGS_AT_ONCE], house_id=house_id, month=month),
        all_dwellings=len(placed),
        first=first,
    )


def _shown(placed: Sequence[PlacedDwelling], *, house_id: int, month: Month) -> tuple[HouseDwelling, ...]:
    numbers = accounts.numbers_and_families({one.account_id for one in placed})
    where = supply.addresses([one.supply_point_id for one in placed])
    shares = {
        (one.account_id, one.supply_point_id): one
        for one in HouseShare.objects.filter(
            house_month_id=standing_month(house_id, month=month), account_id__in=list(numbers)
        )
    }
    rows = []
    for one in placed:
        share = shares.get((one.account_id, one.supply_point_id))
        rows.append(
            HouseDwelling(
                number=numbers[one.account_id][0],
                address=where.get(one.supply_point_id, ""),
                area=(Decimal(one.area_e2) / 100 / one.parts).quantize(Decimal("0.01")),
                days=one.days,
                own=share.own_kwh if share else None,
                share=share.kwh if share else None,
            )
        )
    return tuple(rows)


def _meter(row: HouseMeter) -> HouseMeterView:
    period = to_period(row.valid)
    readings = HouseReading.objects.filter(meter=row, replaced_by=None, value__isnull=False).order_by("-taken_on")[:6]
    return HouseMeterView(
        meter_id=row.pk,
        serial=row.serial,
        digits=row.digits,
        multiplier=row.multiplier,
        from_on=period.start,
        until_on=period.end,
        readings=tuple(
            HouseReadingView(
                one.pk, one.taken_on, one.value or Decimal(0), one.passed_zero, one.replaces_id is not None
            )
            for one in readings
        ),
    )


def _settled(row: HouseMonth) -> SettledMonth:
    area = Decimal(row.facts["all_area_m2"])
    over = row.limit_kwh is not None and row.difference_kwh > row.limit_kwh
    findings = {
        "H54": row.difference_kwh < 0,
        "H55": over,
        "H56": row.facts["use_rule"] != BY_METER and row.facts["meter_count"] > 0,
    }
    return SettledMonth(
        month=Month.of(row.month),
        version=row.version,
        rule=row.rule,
        house=row.house_kwh,
        measured=row.measured_kwh,
        average=row.average_kwh,
        norm=row.norm_kwh,
        other=row.other_kwh,
        difference=row.difference_kwh,
        limit=row.limit_kwh,
        charged=row.charged_kwh,
        uncharged=row.uncharged_kwh,
        carried=row.carried_kwh,
        households=row.households_kwh,
        others=row.others_kwh,
        per_m2=(row.charged_kwh / area).quantize(Decimal("0.001")),
        facts=row.facts,
        findings=tuple(code for code, is_so in findings.items() if is_so),
    )
