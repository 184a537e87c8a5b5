"""How many bills a core typesets: one PDF each, as customers open them, and many in one file, as printers take them.

The floor is the same typesetter with the same fonts on a page with one word. Counted in processor seconds, so that
neighbours on the machine do not spoil the figure. `size` only caps the sample: a bill costs the same in any crowd.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime
from datetime import time as day_time
from decimal import Decimal
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from svet.domains.billing.rules.documents import (
    BillDocument,
    BillLine,
    ChartBar,
    PaidRow,
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
from svet.surfaces.console.bench import Figure
from svet.surfaces.paper import bill, engine
from svet.surfaces.paper.batches import PART_BILLS

SAMPLE = 200
MONTH = Month("2026-10")
SERVES = Audience.INDIVIDUALS
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
    phones=(PhoneFacts(SERVES, "8 800 555-00-33", 1, 5, day_time(8), day_time(20)),),
)


def run(size: int, *, at: datetime) -> dict[str, Figure]:
    """Return PDFs and printed bills per processor second, each beside the typesetter's floor."""
    documents = [_document(number) for number in range(1, min(size, SAMPLE) + 1)]
    part = documents[:PART_BILLS]
    with TemporaryDirectory() as folder:
        one_page = _empty_page(Path(folder), pages=1)
        many_pages = _empty_page(Path(folder), pages=len(part))
        for warm_up in (one_page, many_pages, lambda: bill.render(documents[0], company=COMPANY)):
            warm_up()
        single = _per_second(lambda: [bill.render(one, company=COMPANY) for one in documents], many=len(documents))
        floor = _per_second(lambda: [one_page() for _ in documents], many=len(documents))
        printed = _per_second(lambda: bill.render_many(part, company=COMPANY, title="bench"), many=len(part))
        printed_floor = _per_second(many_pages, many=len(part))
    return {
        "bills as tagged PDF, one each": Figure.against(
            single, floor=floor, unit=f"PDF/s per core, sample of {len(documents)}"
        ),
        "bills in one file for print": Figure.against(
            printed, floor=printed_floor, unit=f"bills/s per core, {len(part)} at once"
        ),
    }


def _per_second(work: Callable[[], object], *, many: int) -> float:
    started = time.process_time()
    work()
    return many / (time.process_time() - started)


def _empty_page(folder: Path, *, pages: int) -> Callable[[], object]:
    """Return a compilation of pages with two words each, in our font; tagged when it is one page, as a bill is."""
    path = folder / f"empty-{pages}.typ"
    words = "#pagebreak()\n".join("Счёт #sys.inputs.n\n" for _ in range(pages))
    path.write_text('#set document(title: "Счёт")\n#set text(font: "Golos Text", lang: "ru")\n' + words)
    compiler = typst.Compiler(str(path), font_paths=engine.fonts())
    numbers = count()
    return lambda: compiler.compile(
        sys_inputs={"n": str(next(numbers))},
        format="pdf",
        pdf_standards=["ua-1"] if pages == 1 else [],
        pdf_tags=pages == 1,
    )


def _document(number: int) -> BillDocument:
    """Return an ordinary bill of two zones, three lines and a payment; no two are alike."""
    day, night = Decimal(150 + number % 60), Decimal(60 + number % 30)
    lines = (
        _line(TimeBand.DAY, 1, day - 20, "5.96"),
        _line(TimeBand.DAY, 2, Decimal(20), "9.46"),
        _line(TimeBand.NIGHT, 1, night, "2.62"),
    )
    charged = sum((line.amount for line in lines), Decimal(0))
    opening = Decimal(number).scaleb(-1).quantize(Decimal("0.01"))
    return BillDocument(
        bill_id=number,
        number=bill_number(MONTH, number),
        month=MONTH,
        issued_on=date(2026, 11, 1),
        due_on=date(2026, 11, 16),
        account_id=number,
        account_number=f"33{number:08d}",
        payer="Смирнова Анна Павловна",
        address=f"г. Светлогорье, ул. Садовая, д. {number}, кв. {number % 90 + 1}",
        postal_code="600902",
        area_m2=Decimal("54.30"),
        residents=3,
        delivery="paper",
        supply_points=(SupplyPointPart(1, "SP", (_volume(TimeBand.DAY, day), _volume(TimeBand.NIGHT, night))),),
        lines=lines,
        kwh=day + night,
        vat_percent=Decimal("22.00"),
        vat=(charged * 22 / 122).quantize(Decimal("0.01")),
        estimated_months=0,
        order_numbers=("№ 58/3 от 25.11.2021",),
        opening=opening,
        charged=charged,
        corrected=Decimal("0.00"),
        penalties=Decimal("0.00"),
        paid=opening,
        closing=charged,
        to_pay=charged,
        payments=(PaidRow(date(2026, 10, 12), opening),),
        payments_until=date(2026, 10, 31),
        chart=tuple(
            ChartBar(
                MONTH.plus(place - 11), day + place * 7, VolumeBasis.MEASURED if place % 5 else VolumeBasis.AVERAGE
            )
            for place in range(12)
        ),
    )


def _line(band: TimeBand, step: int, kwh: Decimal, rate: str) -> BillLine:
    return BillLine(
        supply_point_id=1,
        band=band,
        step=step,
        from_on=MONTH.first_on,
        until_on=MONTH.next.first_on,
        kwh=kwh,
        rate=Decimal(rate),
        amount=(kwh * Decimal(rate)).quantize(Decimal("0.01")),
        basis=VolumeBasis.MEASURED,
        order_number="№ 58/3 от 25.11.2021",
        structure=Structure.SOCIAL_NORM,
    )


def _volume(band: TimeBand, kwh: Decimal) -> VolumeRow:
    return VolumeRow(
        serial="011724069834",
        band=band,
        previous_value=Decimal(12045),
        previous_on=date(2026, 9, 23),
        current_value=12045 + kwh,
        current_on=date(2026, 10, 23),
        multiplier=Decimal(1),
        kwh=kwh,
        basis=VolumeBasis.MEASURED,
    )
