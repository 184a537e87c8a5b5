"""Documents of invented customers, one for each thing a bill must be able to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

from svet.domains.billing.rules.documents import (
    BillDocument,
    BillLine,
    ChartBar,
    PaidRow,
    PenaltyRow,
    SupplyPointPart,
    VolumeRow,
    bill_number,
)
from svet.domains.metering.rules import VolumeBasis
from svet.domains.offices.queries import CompanyView
from svet.domains.offices.rules import Audience
from svet.domains.offices.rules.facts import PhoneFacts
from svet.domains.tariffs.rules import Structure
from svet.kernel.energy import TimeBand
from svet.kernel.period import Month

D = Decimal
OCTOBER = Month("2026-10")
COMPANY = CompanyView(
    name="ООО «Светлогорский энергосбыт»",
    short_name="Светлогорский энергосбыт",
    inn="7722245108",
    kpp="772201001",
    bank_name='ОАО "БАНК"',
    bic="044525225",
    settlement_account="40702810138250123017",
    correspondent_account="30101810965770000413",
    postal_address="600902, г. Светлогорье, ул. Садовая, д. 1",
    email="client@svet.example",
    website="https://svet.example/",
    readings_url="https://svet.example/readings",
    payment_url="https://svet.example/pay",
    cabinet_url="https://svet.example/cabinet",
    phones=(
        PhoneFacts(Audience.INDIVIDUALS, "8 800 555-00-33", 1, 5, time(8), time(20)),
        PhoneFacts(Audience.LEGAL_ENTITIES, "8 800 555-00-44", 1, 5, time(8), time(17)),
    ),
)


def volume(band: str = "all", previous: str | None = "12045", current: str | None = "12282", **changes) -> VolumeRow:
    """Return one row of readings."""
    difference = D(current) - D(previous) if previous and current else D("210.5")
    row = VolumeRow(
        serial="011724069834",
        band=TimeBand(band),
        previous_value=D(previous) if previous else None,
        previous_on=date(2026, 9, 23),
        current_value=D(current) if current else None,
        current_on=date(2026, 10, 23),
        multiplier=D("1.0000"),
        kwh=difference.quantize(D("0.001")),
        basis=VolumeBasis.MEASURED,
    )
    return replace(row, **changes)


def line(kwh: str, rate: str, *, band: str = "all", step: int = 1, **changes) -> BillLine:
    """Return one priced line; its amount is the product."""
    row = BillLine(
        supply_point_id=1,
        band=TimeBand(band),
        step=step,
        from_on=date(2026, 10, 1),
        until_on=date(2026, 11, 1),
        kwh=D(kwh).quantize(D("0.001")),
        rate=D(rate),
        amount=(D(kwh) * D(rate)).quantize(D("0.01")),
        basis=VolumeBasis.MEASURED,
        order_number="№ 58/3 от 25.11.2021",
        structure=Structure.SOCIAL_NORM,
    )
    return replace(row, **changes)


def document(
    *,
    rows: list[VolumeRow] | None = None,
    lines: list[BillLine] | None = None,
    opening: str = "0",
    corrected: str = "0",
    penalties: str = "0",
    payments: list[tuple[date, str]] | None = None,
    **changes,
) -> BillDocument:
    """Return a document whose sums add up, whatever it is made of."""
    rows = [volume()] if rows is None else rows
    lines = [line("237", "5.18")] if lines is None else lines
    paid_rows = tuple(PaidRow(on, D(amount)) for on, amount in payments or [])
    charged = sum((one.amount for one in lines), D("0.00"))
    paid = sum((one.amount for one in paid_rows), D("0.00"))
    opening_sum, corrected_sum, penalties_sum = D(opening), D(corrected), D(penalties)
    closing = opening_sum + charged + corrected_sum + penalties_sum - paid
    made = BillDocument(
        bill_id=17,
        number=bill_number(OCTOBER, 17),
        month=OCTOBER,
        issued_on=date(2026, 11, 1),
        due_on=date(2026, 11, 16),
        account_id=1,
        account_number="3300000019",
        payer="Смирнова Анна Павловна",
        address="г. Светлогорье, ул. Садовая, д. 12, кв. 45",
        postal_code="600902",
        area_m2=D("54.30"),
        residents=3,
        delivery="paper",
        supply_points=(SupplyPointPart(supply_point_id=1, code="SP-1", rows=tuple(rows)),),
        lines=tuple(lines),
        kwh=sum((one.kwh for one in lines), D("0.000")),
        vat_percent=D("22.00"),
        vat=(charged * 22 / 122).quantize(D("0.01")),
        estimated_months=0,
        order_numbers=("№ 58/3 от 25.11.2021",),
        opening=opening_sum,
        charged=charged,
        corrected=corrected_sum,
        penalties=penalties_sum,
        paid=paid,
        closing=closing,
        to_pay=max(closing, D("0.00")),
        payments=paid_rows,
        payments_until=date(2026, 10, 31),
        chart=year_of_use(),
    )
    return replace(made, **changes)


def year_of_use(*, norm_months: int = 0) -> tuple[ChartBar, ...]:
    """Return twelve months, two of them by average."""
    used = (215, 248, 263, 251, 230, 204, 187, 165, 158, 172, 201, 237)
    bases = [VolumeBasis.MEASURED] * 12
    bases[6] = bases[7] = VolumeBasis.AVERAGE
    for place in range(12 - norm_months, 12):
        bases[place] = VolumeBasis.NORM
    return tuple(
        ChartBar(Month("2025-11").plus(place), D(kwh), basis)
        for place, (kwh, basis) in enumerate(zip(used, bases, strict=True))
    )


ANNA = document(opening="512.40", payments=[(date(2026, 10, 12), "512.40")])
TIMUR = document(
    payer="Ахметов Тимур Рашидович",
    account_number="3300000068",
    rows=[volume("peak", "4510", "4569"), volume("half_peak", "6120", "6254"), volume("night", "3071", "3140.5")],
    lines=[
        line("50", "5.96", band="peak"),
        line("9", "9.46", band="peak", step=2),
        line("114", "4.85", band="half_peak"),
        line("20", "7.71", band="half_peak", step=2),
        line("58.5", "2.62", band="night"),
        line("11", "4.16", band="night", step=2),
    ],
    opening="-2480.15",
    payments=[(date(2026, 10, 5), "1000"), (date(2026, 10, 19), "250.50")],
)
PAVEL = document(
    payer="Морозов Павел Сергеевич",
    account_number="3300000043",
    rows=[volume(previous=None, current=None, basis=VolumeBasis.AVERAGE, kwh=D("210.500"))],
    lines=[
        line("150", "5.18", basis=VolumeBasis.AVERAGE),
        line("60.5", "8.22", step=2, basis=VolumeBasis.AVERAGE),
    ],
    estimated_months=2,
    opening="3120.77",
    penalties="14.02",
    penalty_rows=(
        PenaltyRow(
            Month("2026-07"), date(2026, 9, 17), date(2026, 10, 31), 45, D("983.88"), D("9.50"), 300, D("14.0203")
        ),
    ),
    corrected="-125.10",
    residents=None,
    area_m2=None,
)
CREDIT = document(
    payer="Волкова Ольга Николаевна",
    rows=[volume(previous="12282", current="12180", kwh=D("-102.000"))],
    lines=[line("-102", "5.18")],
    opening="100.00",
)
ZERO = document(rows=[], lines=[], chart=(), payments=[], order_numbers=())
HOSTILE = document(
    payer="#emph[Иванова] $x^2$ *Анна* \\ `код` <метка> @ссылка \x00\x1b\u202e = заголовок 中文 |Sum=1",
    address="г. Очень-Длинный-Город-Имени-Красных-Партизан, ул. " + "Нескончаемая " * 14 + "д. 1/2 #let x = 1",
)
LONG = document(
    payer="Преображенская-Константинопольская Александра-Валентина Апполинариевна-Святославовна " * 2,
    rows=[volume("day", serial=f"0117240698{n}") for n in range(10, 22)],
    lines=[line("12.345", "5.18", step=1 + n % 3, from_on=date(2026, 10, 1 + n)) for n in range(18)],
    payments=[(date(2026, 10, 1 + n), "10") for n in range(20)],
    opening="1234567.89",
)
ALL = {
    "anna": ANNA,
    "timur": TIMUR,
    "pavel": PAVEL,
    "credit": CREDIT,
    "zero": ZERO,
    "hostile": HOSTILE,
    "long": LONG,
}
