"""The filters that format numbers, dates and findings, one each. Numbers never break across lines (U+00A0)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.utils.timezone import localtime

from svet.domains.benefits.rules import Terms
from svet.domains.ledger.rules import CertificateKind
from svet.domains.supply.queries import OngoingView
from svet.infra import clock
from svet.kernel.period import Month
from svet.surfaces.web import (
    act_words,
    benefit_words,
    billing_words,
    hall_words,
    messages,
    outage_words,
    reading_words,
    statement_words,
    words,
)

register = template.Library()

NBSP = "\u00a0"
MINUS = "\u2212"
MONTHS = "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь".split()  # noqa: SIM905
OF_MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()  # noqa: SIM905
WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")


def _grouped(value: Decimal, digits: int) -> str:
    text = f"{abs(value):,.{digits}f}".replace(",", NBSP).replace(".", ",")
    return f"{MINUS}{text}" if value < 0 else text


def _digits(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


@register.filter
def rub(amount: Decimal | int | str | None) -> str:
    """Show roubles with kopecks: 2 153,40 ₽."""
    return "" if amount in {None, ""} else f"{_grouped(Decimal(str(amount)), 2)}{NBSP}₽"


@register.filter
def change(amount: Decimal) -> str:
    """Show by how much a sum grew or fell, always with its sign: +12,50 ₽."""
    return f"+{rub(amount)}" if amount > 0 else rub(amount)


@register.filter
def kwh(volume: Decimal | int | str | None) -> str:
    """Show kWh without needless zeros: 237 кВт·ч."""
    return "" if volume in {None, ""} else f"{number(volume)}{NBSP}кВт·ч"


@register.filter
def rate(value: Decimal | int | str | None) -> str:
    """Show a price with all its digits, at least two: 5,18 ₽."""
    if value in {None, ""}:
        return ""
    price = Decimal(str(value)).normalize()
    return f"{_grouped(price, max(2, _digits(price)))}{NBSP}₽"


@register.filter
def number(value: Decimal | int | str | None) -> str:
    """Show a number in groups of three, without needless zeros: 1 204,5."""
    if value in {None, ""}:
        return ""
    shown = Decimal(str(value)).normalize()
    return _grouped(shown, _digits(shown))


@register.filter
def plain(value: Any) -> str:
    """Show a number for a machine (attributes): 1204.5."""
    return str(value if value not in {None, ""} else 0)


@register.filter
def magnitude(amount: Decimal | None) -> Decimal | None:
    """Drop the sign, where words say who owes whom."""
    return None if amount is None else abs(amount)


@register.filter
def day(value: date | str | None) -> str:
    """Show a day in words: 24 ноября 2026."""
    found = _date(value)
    return "" if found is None else f"{found.day}{NBSP}{OF_MONTHS[found.month - 1]} {found.year}"


@register.filter
def short_day(value: date | str | None) -> str:
    """Show a day in figures: 24.11.2026."""
    found = _date(value)
    return "" if found is None else f"{found:%d.%m.%Y}"


@register.filter
def moment(value: datetime | None) -> str:
    """Show a moment in Moscow time: 24.11.2026, 10:15."""
    return "" if value is None else f"{localtime(value):%d.%m.%Y},{NBSP}{localtime(value):%H:%M}"


@register.filter
def month_name(month: date | Month | str | None) -> str:
    """Show a month in words: октябрь 2026."""
    if isinstance(month, Month):
        month = month.first_on
    elif isinstance(month, str) and month:
        month = Month(month[:7]).first_on
    return f"{MONTHS[month.month - 1]}{NBSP}{month.year}" if isinstance(month, date) else ""


@register.filter
def month_code(month: date | Month) -> str:
    """Show a month as addresses carry it: 2026-10."""
    return str(month) if isinstance(month, Month) else f"{month:%Y-%m}"


@register.filter
def clock_time(value: Any) -> str:
    """Show a time of day, of a moment the one in Moscow: 9:00."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = localtime(value)
    return "" if value is None else f"{value.hour}:{value.minute:02d}"


@register.filter
def in_words(value: Any) -> str:
    """Show a word of the trade (a channel, a verdict, a state …) in Russian."""
    return words.of(value)


@register.filter
def finding_text(finding: Any) -> str:
    """Show what a finding (or its JSON form) says, in plain Russian."""
    return messages.of_finding(finding)


@register.filter
def finding_brief(finding: Any) -> str:
    """Show what is wrong without the advice to the customer that follows: for those who decide about it."""
    return _ADVICE.split(messages.of_finding(finding), maxsplit=1)[0]


@register.filter
def finding_kind(code: str) -> str:
    """Show the kind of a finding in two or three words, the code itself where it has none."""
    return reading_words.KINDS.get(code, code)


@register.filter
def order(version: Any) -> str:
    """Show by which order a price is set: приказ № 60/12 от 24.11.2026; or that its number is not known."""
    number_of = str(version.order_number)
    if not any(sign.isdigit() for sign in number_of):
        return number_of
    dated = f" от{NBSP}{short_day(version.order_on)}" if version.order_on and " от " not in number_of else ""
    return f"приказ {number_of}{dated}"


@register.filter
def rule_text(code: str) -> str:
    """Show what a rule of calculation did, in plain Russian."""
    return billing_words.RULES.get(code, f"Правило {code}.")


@register.filter
def why_differs(reason: str) -> str:
    """Show a reason for which two bills differ."""
    return billing_words.REASONS[reason]


@register.filter
def slip_text(slip: str) -> str:
    """Show how a wrong reading probably came about."""
    return reading_words.SLIPS[slip]


@register.filter
def moved_what(line: Any) -> str:
    """Show what a line of a statement is: Начислено за октябрь 2026."""
    return statement_words.what(line, month=month_name(line.movement.concerns))


@register.filter
def moved_by(line: Any) -> str:
    """Show by which document a line of a statement moved."""
    return statement_words.paper(line)


@register.filter
def act_kind(kind: str) -> str:
    """Return what an act about a meter did, in words."""
    return act_words.KINDS.get(kind, kind)


@register.filter
def certificate_kind(kind: str) -> str:
    """Show what a certificate is about: об отсутствии задолженности."""
    return statement_words.CERTIFICATES[CertificateKind(kind)]


@register.filter
def certificate_number(number: int) -> str:
    """Show the number of a certificate."""
    return statement_words.number_of_certificate(number)


@register.filter
def certificate_code(code: str) -> str:
    """Show the code of a certificate in groups."""
    return statement_words.code_in_groups(code)


@register.filter
def benefit_terms(terms: Terms) -> str:
    """Show what a kind of benefit gives."""
    return benefit_words.terms_text(terms)


@register.filter
def last_day(until_on: date) -> str:
    """Show the last day of a period whose end is not in it."""
    return day(until_on - timedelta(days=1))


@register.filter
def dialled(phone: str) -> str:
    """Show a phone as machines dial it."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    if len(digits) == 11 and digits[0] in "78":
        return f"+7{digits[1:]}"
    return digits


@register.filter
def phone_hours(phone: Any) -> str:
    """Show the days and hours of a phone line: пн–пт 8:00–17:00."""
    first, last = phone.from_weekday, phone.until_weekday
    days = "ежедневно" if (first, last) == (1, 7) else f"{WEEKDAYS[first - 1]}–{WEEKDAYS[last - 1]}"
    if (phone.opens_at.hour, phone.closes_at.hour, phone.closes_at.minute) == (0, 23, 59):
        return f"{days}, круглосуточно"
    return f"{days}{NBSP}{clock_time(phone.opens_at)}–{clock_time(phone.closes_at)}"


@register.filter
def week_days(days: Any) -> str:
    """Show neighbouring weekdays: пн–чт."""
    first, last = WEEKDAYS[days.from_weekday - 1], WEEKDAYS[days.until_weekday - 1]
    return first if first == last else f"{first}–{last}"


@register.filter
def step_name(price: Any, table: Any) -> str:
    """Show which part of a month's energy a price is for, in the words of its table."""
    if table.structure == "social_norm":
        return "в пределах нормы" if price.step == 1 else "сверх нормы"
    if table.structure != "ranges":
        return "весь расход"
    below = [
        one.up_to_kwh
        for one in table.prices
        if (one.zoning, one.band, one.step) == (price.zoning, price.band, price.step - 1)
    ]
    start = below[0] if below else None
    if price.up_to_kwh is None:
        return "весь расход" if start is None else f"свыше {kwh(start)}"
    return f"{'' if start is None else f'свыше {number(start)} '}до {kwh(price.up_to_kwh)}"


@register.filter
def plural(count: int, forms: str) -> str:
    """Show a count with its noun: {{ 3|plural:"счёт,счёта,счетов" }} → 3 счёта."""
    one, few, many = forms.split(",")
    tail, teens = abs(count) % 10, abs(count) % 100 // 10 == 1
    noun = many if teens else one if tail == 1 else few if tail in {2, 3, 4} else many
    return f"{number(count)}{NBSP}{noun}"


_ADVICE = re.compile(r"(?<=[.!]) (?=Проверьте|Если|Исправьте|Передайте|Напишите|Посмотрите)")


def _date(value: date | str | None) -> date | None:
    if isinstance(value, datetime):
        return localtime(value).date()
    if isinstance(value, str):
        return date.fromisoformat(value[:10]) if value else None
    return value


@register.filter
def at(found: Mapping[str, Any], key: str) -> Any:
    """Return what stands under a key, None where nothing does."""
    return found.get(key)


@register.filter
def lasting(value: timedelta | None) -> str:
    """Return a length of time in whole minutes, "меньше минуты" for a short one, a dash for none."""
    if value is None:
        return "—"
    whole = round(value.total_seconds() / 60)
    return f"{whole}{NBSP}мин" if whole else "меньше минуты"


@register.filter
def at_most(value: timedelta) -> str:
    r"""Return a bound in whole minutes for "not more than": never less than a minute.

    >>> at_most(timedelta(seconds=20))
    '1\xa0мин'
    """
    return lasting(max(value, timedelta(minutes=1)))


@register.filter
def failing_now(kind: str) -> str:
    """Say what is amiss with the supply now."""
    return outage_words.NOW[str(kind)]


@register.filter
def failing_cause(cause: str) -> str:
    """Say why supply fails, as customers are told."""
    return outage_words.CAUSES[str(cause)]


@register.filter
def failing_until(known: OngoingView) -> str:
    """Say until when supply fails, and when the expected moment has passed, that another one is asked for."""
    if known.expected_at is None:
        return "Когда исправят, пока не известно."
    if known.is_late(clock.now()):
        return f"Ждали к {moment(known.expected_at)}, срок прошёл: уточняем новый."
    return f"Ожидаем, что исправят к {moment(known.expected_at)}."


@register.filter
def wait_in_words(wait: timedelta) -> str:
    """Say how long one waits, as exactly as a forecast can: to five minutes when it is long."""
    whole = round(wait.total_seconds() / 60)
    if whole < 2:
        return "почти без ожидания"
    return f"ждать примерно {whole if whole < 10 else 5 * round(whole / 5)}{NBSP}мин"


@register.filter
def ticket_state(state: str) -> str:
    """Return where a ticket of the queue stands, in words."""
    return hall_words.STATES[str(state)]
