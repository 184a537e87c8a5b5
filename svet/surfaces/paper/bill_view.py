"""A bill's document turned into the texts that the layout prints: every figure is formatted here, none is computed.

The layout (`typesetting/bill.typ`) receives nothing but these texts, two images and the heights of the chart.
Nothing from outside reaches it unclean: `printable` stands at the end, over every text.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse

from svet.domains.billing.rules.documents import BillDocument, BillLine, ChartBar, PenaltyRow, VolumeRow
from svet.domains.metering.rules import VolumeBasis
from svet.domains.offices.queries import CompanyView
from svet.domains.offices.rules import Audience
from svet.domains.offices.rules.channels import Deed, Way
from svet.domains.tariffs.rules import Structure
from svet.kernel.energy import TimeBand
from svet.kernel.money import to_kopecks
from svet.surfaces.paper import drawn_codes
from svet.surfaces.paper.barcode import LARGEST_KOPECKS, barcode_text
from svet.surfaces.paper.heads import account_in_groups, cleaned, company_texts, site, unbroken
from svet.surfaces.paper.payment_codes import payee_of, payer_details
from svet.surfaces.paper.payment_qr import payment_text
from svet.surfaces.web import words
from svet.surfaces.web.channels import told
from svet.surfaces.web.templatetags.svet import (
    MONTHS,
    NBSP,
    OF_MONTHS,
    day,
    month_name,
    number,
    rate,
    rub,
    short_day,
)

NOTHING = "–"
MOST_CORRECTIONS = 3
"""Months of a correction that are named one by one."""
MOST_PENALTIES = 6
"""So many intervals of penalties fit beside everything else; the rest is told in the account area."""
BASIS_NOTES = {
    VolumeBasis.AVERAGE: "Показаний за месяц не было: расход посчитан по вашему среднему за прошлые месяцы.",
    VolumeBasis.NORM: "Показаний нет слишком долго или нет счётчика: расход посчитан по нормативу.",
}


def bill_texts(document: BillDocument, *, company: CompanyView) -> dict[str, Any]:
    """Return all that one bill prints; raise PaymentCodeRefused when money is due and the payee's details are wrong."""
    texts = {
        "title": title(document),
        "number": document.number,
        "month": month_name(document.month),
        "issued_on": short_day(document.issued_on),
        "company": company_texts(company),
        "payer": _payer(document),
        "may_continue": _may_continue(document),
        "pay": _pay(document),
        "totals": _totals(document),
        "readings": _readings(document),
        "charges": _charges(document),
        "chart": _chart(document.chart),
        "notes": _notes(document),
        "ways": _ways(company, is_due=document.to_pay > 0),
    }
    return {**cleaned(texts), "codes": _codes(document, company=company), "ask": _ask(document, company=company)}


def title(document: BillDocument) -> str:
    """Return the document's title: what a reader's window and a screen reader say first."""
    month = f"{MONTHS[document.month.first_on.month - 1]} {document.month.text[:4]}"
    return f"Платёжный документ {document.number} за {month} года, лицевой счёт {document.account_number}"


def _may_continue(document: BillDocument) -> bool:
    """Say whether the bill could need a second sheet: rather once too often than not once."""
    rows = sum(len(part.rows) for part in document.supply_points) + len(document.lines)
    return (
        rows > 9
        or len(document.penalty_rows) > 2
        or len(document.payer) + len(document.address) > 140
        or len(document.payments) > 8
    )


def _payer(document: BillDocument) -> dict[str, Any]:
    facts = [
        ("Площадь", "" if document.area_m2 is None else f"{number(document.area_m2)}{NBSP}м²"),
        ("Проживают", "" if document.residents is None else f"{document.residents}{NBSP}чел."),
    ]
    return {
        "name": document.payer,
        "address": ", ".join(filter(None, (document.postal_code, document.address))),
        "short_name": _shortened(document.payer, limit=70),
        "short_address": _shortened(document.address, limit=90),
        "account": account_in_groups(document.account_number),
        "facts": [list(fact) for fact in facts if fact[1]],
    }


def _shortened(text: str, *, limit: int) -> str:
    """Cut what would burst the payment part; the head of the bill has it whole."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def _pay(document: BillDocument) -> dict[str, Any]:
    advance = -document.closing if document.closing < 0 else Decimal(0)
    return {
        "is_due": document.to_pay > 0,
        "amount": rub(document.to_pay),
        "until": day(document.due_on),
        "advance": f"На счёте аванс {rub(advance)}: он пойдёт в оплату следующих месяцев." if advance else "",
    }


def _totals(document: BillDocument) -> list[dict[str, Any]]:
    """Return the turnover as a sum that a reader can add up: money received stands with a minus."""
    month = document.month
    in_month = f"за {MONTHS[month.first_on.month - 1]}"
    counted = f"учтено по {short_day(document.payments_until)}"
    rows = [
        (f"{_balance_word(document.opening)} на {_first_of(month.first_on)}", document.opening, ""),
        (
            f"Начислено {in_month}",
            document.charged,
            f"в том числе НДС {number(document.vat_percent)}{NBSP}%: {rub(document.vat)}",
        ),
        ("Перерасчёты", document.corrected, _corrected_months(document)),
        ("Пени", document.penalties, ""),
        ("Оплачено", -document.paid, counted),
    ]
    due = f"Итого к оплате до {_first_of(document.due_on)}"
    closing = due if document.closing > 0 else f"{_balance_word(document.closing)} на {_first_of(month.next.first_on)}"
    return [
        *({"name": name, "amount": rub(amount), "note": note, "strong": False} for name, amount, note in rows),
        {"name": closing, "amount": rub(document.closing), "note": "", "strong": True},
    ]


def _corrected_months(document: BillDocument) -> str:
    """Return for which past months the correction is."""
    rows = document.corrections
    if len(rows) > MOST_CORRECTIONS:
        return f"с {_first_of(rows[0][0].first_on)} по {month_name(rows[-1][0])}, по месяцам в личном кабинете"
    return "; ".join(f"за {month_name(month)}: {rub(amount)}" for month, amount in rows)


def _balance_word(amount: Decimal) -> str:
    return "Долг" if amount > 0 else "Аванс" if amount < 0 else "Остаток"


def _first_of(on: date) -> str:
    return f"{on.day}{NBSP}{OF_MONTHS[on.month - 1]}"


def _readings(document: BillDocument) -> list[dict[str, Any]]:
    rows = [row for part in document.supply_points for row in part.rows]
    return [_reading(row) for row in rows]


def _reading(row: VolumeRow) -> dict[str, Any]:
    difference = None
    if row.previous_value is not None and row.current_value is not None:
        difference = row.current_value - row.previous_value
    return {
        "serial": row.serial or ("общедомовой" if row.rule in OF_THE_HOUSE else "без счётчика"),
        "band": _band(row.band),
        "previous": NOTHING if row.previous_value is None else number(row.previous_value),
        "previous_on": "" if row.previous_value is None else short_day(row.previous_on),
        "current": NOTHING if row.current_value is None else number(row.current_value),
        "current_on": "" if row.current_value is None else short_day(row.current_on),
        "difference": NOTHING if difference is None else number(difference),
        "multiplier": number(row.multiplier),
        "kwh": number(row.kwh),
        "basis": words.of(row.basis),
    }


def _charges(document: BillDocument) -> dict[str, Any]:
    several_periods = len({(line.from_on, line.until_on) for line in document.lines}) > 1
    rows = [_charge(line, dated=several_periods) for line in document.lines]
    return {"rows": rows, "kwh": number(document.kwh), "amount": rub(document.charged)}


def _charge(line: BillLine, *, dated: bool) -> dict[str, Any]:
    basis = "" if line.rule in BESIDE else words.of(line.basis)
    reasons = [_step(line), _span(line) if dated else "", basis]
    return {
        "band": _band(line.band),
        "reason": ", ".join(filter(None, reasons)).replace(" по ", f" по{NBSP}"),
        "kwh": number(line.kwh) if line.kwh or line.rate else NOTHING,
        "rate": rate(line.rate).removesuffix(f"{NBSP}₽") if line.kwh or line.rate else NOTHING,
        "amount": rub(line.amount),
    }


LINE_NAMES = {
    "P10": "повышающий коэффициент",
    "P11": "снято прежнее",
    "Q01": "снижение за перерывы",
    "H01": "общедомовые нужды",
    "H02": "общедомовые нужды, по среднему",
    "H03": "общедомовые нужды, по нормативу",
    "H04": "общедомовые нужды, возврат",
    "B01": "льгота, кВт·ч",
    "B02": "льгота, процент",
    "B03": "льгота, рубли",
    "U01": "безучётное потребление по акту",
}
"""What a line is called that is not simply energy of a step."""
OF_THE_HOUSE = ("H01", "H02", "H04")
"""Rules of energy that a meter of the house has told, not one of the supply's own."""
BESIDE = ("B01", "B02", "B03", "U01")
"""Lines whose energy, if any, is none of the supply's own: no reading would change them."""


def _step(line: BillLine) -> str:
    """Name the step of a line as its tariff's structure names it."""
    if line.rule in LINE_NAMES:
        return LINE_NAMES[line.rule]
    if line.structure is Structure.SOCIAL_NORM:
        return "в пределах соцнормы" if line.step == 1 else "сверх соцнормы"
    return f"{line.step}-й диапазон" if line.structure is Structure.RANGES else ""


def _span(line: BillLine) -> str:
    last = date.fromordinal(line.until_on.toordinal() - 1)
    return f"{line.from_on:%d.%m}–{last:%d.%m}"


def _band(band: TimeBand) -> str:
    return "сутки" if band is TimeBand.ALL_DAY else words.of(band)


def _chart(bars: tuple[ChartBar, ...]) -> dict[str, Any]:
    """Return the bars with heights in thousandths of the tallest; a month of credit (below zero) has no bar."""
    top = max((bar.kwh for bar in bars), default=Decimal(0))
    shown = [
        {
            "label": MONTHS[bar.month.first_on.month - 1][:3],
            "year": bar.month.text[2:4],
            "value": "" if bar.basis is None else number(bar.kwh.quantize(Decimal(1))),
            "height": int(bar.kwh * 1000 / top) if top > 0 and bar.kwh > 0 else 0,
            "is_estimate": bar.basis in {VolumeBasis.AVERAGE, VolumeBasis.NORM},
        }
        for bar in bars
    ]
    spoken = [
        f"{month_name(bar.month)} {number(bar.kwh)} {words.of(bar.basis)}" for bar in bars if bar.basis is not None
    ]
    return {
        "bars": shown,
        "has_estimates": any(bar["is_estimate"] for bar in shown),
        "alt": "Расход по месяцам, кВт·ч: " + ("; ".join(spoken) or "начислений не было") + ".",
    }


FOR_GOOD = ("V11", "V13")
"""Volumes of a failed meter: no reading changes them any more."""


def _notes(document: BillDocument) -> list[str]:
    """Return the reference information: how the volume was found, by which order it is priced, what was paid when."""
    found = []
    own = {line.basis for line in document.lines if line.rule not in BESIDE}
    bases = own or {row.basis for part in document.supply_points for row in part.rows}
    broken = any(row.rule in FOR_GOOD for part in document.supply_points for row in part.rows)
    for basis, text in BASIS_NOTES.items():
        if basis in bases:
            month = f" Это {document.estimated_months}-й такой месяц подряд." if document.estimated_months > 1 else ""
            found.append(f"{text}{month}{'' if broken else ' Передайте показания, и мы пересчитаем.'}")
    if document.order_numbers:
        found.append("Цены установлены: " + "; ".join(document.order_numbers) + ".")
    if document.payments:
        paid = [f"{short_day(row.paid_on)}{NBSP}— {rub(row.amount)}" for row in document.payments[:12]]
        more = len(document.payments) - len(paid)
        found.append("Учтены оплаты: " + "; ".join(paid) + (f" и ещё {more}" if more > 0 else "") + ".")
    if document.penalty_rows:
        found.append(_penalty_note(document))
    return found


def _penalty_note(document: BillDocument) -> str:
    """Tell how the penalty came about: debt × days × rate / share, the first few intervals."""
    shown = [_penalty(row) for row in document.penalty_rows[:MOST_PENALTIES]]
    more = len(document.penalty_rows) - len(shown)
    rest = f" и ещё {more} (полный расчёт в{NBSP}личном кабинете и{NBSP}в{NBSP}офисе)" if more else ""
    return (
        f"Пени {rub(document.penalties)} начислены отдельно от платы за электроэнергию (статья 155 Жилищного кодекса,"
        f" часть 14): {'; '.join(shown)}{rest}."
    )


def _penalty(row: PenaltyRow) -> str:
    back = "снято " if row.base < 0 else ""
    return (
        f"{back}за {month_name(row.debt_month)} с {short_day(row.from_on)} по {short_day(row.last_on)}:"
        f" {rub(abs(row.base))} × {row.days}{NBSP}дн. × {number(row.percent)}{NBSP}% / {row.share}"
    )


def _ways(company: CompanyView, *, is_due: bool) -> list[dict[str, Any]]:
    phones = [unbroken(phone.number) for phone in company.phones_for(Audience.INDIVIDUALS)]
    cabinet = site(company.cabinet_url) or site(company.website)
    off = {(one.way, one.deed) for one in company.turned_off}
    readings = {
        Way.CABINET: f"в{NBSP}личном кабинете {cabinet}" if cabinet else "",
        Way.SITE: f"на{NBSP}сайте {site(company.readings_url)}" if company.readings_url else "",
        Way.PHONE: f"по телефону {', '.join(phones)}" if phones else "",
        Way.OFFICE: f"в{NBSP}офисе",
    }
    takes_on_site = company.payment_url and (Way.SITE, Deed.PAYMENT) not in off
    pay = [
        "по QR-коду в приложении банка" if is_due else "",
        f"на{NBSP}сайте {site(company.payment_url)}" if takes_on_site else "",
        f"в{NBSP}банке, на{NBSP}почте, в{NBSP}терминале: назовите номер лицевого счёта",
    ]
    open_ways = [text for way, text in readings.items() if (way, Deed.READINGS) not in off]
    return [
        {"name": "Как передать показания", "text": _sentence(open_ways) + _turned_off(company, Deed.READINGS)},
        {"name": "Как заплатить", "text": _sentence(pay) + _turned_off(company, Deed.PAYMENT)},
    ]


def _turned_off(company: CompanyView, deed: Deed) -> str:
    """Tell where to go instead of the ways that are off now: each in a sentence of its own (clause M5)."""
    return "".join(f" {told(one).rstrip('.')}." for one in company.turned_off if one.deed is deed)


def _sentence(parts: list[str]) -> str:
    text = "; ".join(part for part in parts if part)
    return text and f"{text[:1].upper()}{text[1:]}."


def _ask(document: BillDocument, *, company: CompanyView) -> list[int] | None:
    """Return the code that opens "ask about this bill" in the account area; None where the company names no site."""
    place = urlsplit(company.cabinet_url or company.website)
    if not place.netloc:
        return None
    page = reverse("cabinet:bill_remark", args=[document.account_number, document.month])
    return drawn_codes.qr_png(f"{place.scheme}://{place.netloc}{page}")


def _codes(document: BillDocument, *, company: CompanyView) -> dict[str, Any] | None:
    """Return the codes of the payment part; None when nothing is due, so that nobody pays by mistake."""
    if document.to_pay <= 0:
        return None
    kopecks = to_kopecks(document.to_pay)
    payee = payee_of(company)
    codes: dict[str, Any] = {"qr": drawn_codes.qr_png(payment_text(payee, kopecks=kopecks, details=_details(document)))}
    if kopecks < LARGEST_KOPECKS:
        figures = barcode_text(account_number=document.account_number, month=document.month, kopecks=kopecks)
        codes |= {"bars": drawn_codes.code128_png(figures), "figures": figures}
    return codes


def _details(document: BillDocument) -> list[tuple[str, str]]:
    return [
        *payer_details(
            payer=document.payer,
            address=document.address,
            account_number=document.account_number,
            month=document.month,
        ),
        ("QuittId", document.number),
        ("QuittDate", short_day(document.issued_on)),
        ("TechCode", "02"),
    ]
