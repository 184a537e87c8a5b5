"""A billed case as a text for people: lines, totals and explanations in aligned columns, in Russian."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from svet.surfaces.console.cases.document import kwh
from svet.surfaces.console.cases.words import BANDS, BASES, CATEGORIES, FINDINGS, RULES, STEPS

Data = dict[str, Any]
MONTHS = (
    "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip


def as_table(document: Data, *, only: str | None = None) -> str:
    """Return the result of a case, or of one month of it."""
    parts = [document["case"] + (f" ({document['source']})" if document["source"] else "")]
    parts += [_month(name, month) for name, month in document["months"].items() if only in (None, name)]
    parts.append(f"Начислено всего: {rub(document['total'])}. Баланс на конец: {_balance(document['closing'])}.")
    return "\n\n".join(parts) + "\n"


def rub(amount: str) -> str:
    """Return an amount as people write it.

    >>> rub("-1173.49")
    '−1 173,49'
    """
    whole, _, kopecks = amount.lstrip("-").partition(".")
    return ("−" if amount.startswith("-") else "") + f"{int(whole):,}".replace(",", " ") + "," + kopecks


def day(iso: str) -> str:
    """Return a day as people write it.

    >>> day("2026-03-25")
    '25.03.2026'
    """
    return ".".join(reversed(iso.split("-")))


def _balance(amount: str) -> str:
    if amount == "0.00":
        return "0,00"
    return f"переплата {rub(amount.lstrip('-'))}" if amount.startswith("-") else f"долг {rub(amount)}"


def _month(name: str, month: Data) -> str:
    year, number = name.split("-")
    rows = [f"{MONTHS[int(number) - 1].capitalize()} {year}"]
    if month["parked"]:
        rows.append("  Не начислено: нужен сотрудник.")
    elif not month["facts"]:
        rows.append("  Договора в этом месяце нет.")
    else:
        rows += ["  Объём", *_volumes(month["volumes"]), "  Начисление", *_lines(month["lines"])]
        rows.append(
            f"  Итого {_kwh(month['kwh'])} кВт·ч, {rub(month['amount'])} руб., в том числе НДС {rub(month['vat'])};"
            f" способ: {BASES[month['basis']]}{_in_a_row(month)}."
        )
        rows += _household(month["facts"])
    rows += [f"  {_finding(finding)}" for finding in month["findings"]]
    rows.append(
        f"  На начало: {_balance(month['opening'])}; оплачено: {rub(month['paid'])};"
        f" на конец: {_balance(month['closing'])}."
    )
    return "\n".join(rows)


def _in_a_row(month: Data) -> str:
    count = month["estimated_months"]
    return f", {count}-й месяц подряд без показаний" if count else ""


def _volumes(volumes: list[Data]) -> list[str]:
    rows = [
        (
            row["rule"],
            f"{row['meter']} {BANDS[row['band']]}".strip(),
            f"{day(row['from'])}–{day(row['until'])}",
            "" if row["start"] is None or row["end"] is None else f"{_kwh(row['start'])} → {_kwh(row['end'])}",
            "" if row["multiplier"] == "1" else f"× {_kwh(row['multiplier'])}",
            f"{_kwh(row['kwh'])} кВт·ч",
            RULES[row["rule"]] + _average(row["facts"]),
        )
        for row in volumes
    ]
    return aligned(rows, right={5})


def _average(facts: Data) -> str:
    if facts.get("average_wh") is not None and "months" in facts:
        return f" ({_kwh(kwh(facts['average_wh']))} кВт·ч в месяц за {facts['months']} мес.)"
    shares = facts.get("shares", [])
    parts = [f"{row['persons']} чел. × {_kwh(kwh(row['wh_per_person']))} × {row['days']} дн." for row in shares]
    return f" ({'; '.join(parts)})" if parts else ""


def _lines(lines: list[Data]) -> list[str]:
    rows = [
        (
            row["rule"],
            BANDS[row["band"]],
            STEPS.get(row["rule"], "ступень {step}").format(step=row["step"]),
            f"{day(row['from'])}–{day(row['until'])}",
            f"{_kwh(row['kwh'])} кВт·ч",
            f"× {row['rate'].replace('.', ',')}",
            f"= {rub(row['amount'])}",
        )
        for row in lines
    ]
    return aligned(rows, right={4, 5, 6})


def _household(facts: Data) -> list[str]:
    living = "; ".join(
        f"с {day(row['from_on'])}: проживает {row['residents'] or 0}"
        + (", льготная семья" if row["privileged"] else "")
        for row in facts["households"]
    )
    place = CATEGORIES.get(facts["category"] or "", facts["category"] or "")
    norm = facts["social_norm_wh"]
    social = f"; социальная норма {_kwh(kwh(norm))} кВт·ч" if norm is not None else ""
    return [f"  Расчёт: {place}, {facts['days']} из {facts['month_days']} дн.; {living}{social}."]


def _finding(finding: Data) -> str:
    return f"{finding['code']}: {FINDINGS[finding['code']]}"


def _kwh(text: str) -> str:
    whole, _, fraction = text.lstrip("-").partition(".")
    sign = "−" if text.startswith("-") else ""
    return sign + f"{int(whole):,}".replace(",", " ") + (f",{fraction}" if fraction else "")


def aligned(rows: Sequence[tuple[str, ...]], *, right: set[int]) -> list[str]:
    """Return the rows as lines with columns of equal width; columns in `right` are set to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "    "
        + "  ".join(
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
