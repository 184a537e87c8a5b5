"""The report of a till shift on paper: X while the shift is open, Z when it is closed. Computes nothing."""

from __future__ import annotations

from typing import Any

from svet.domains.payments.queries import CorrectionRow
from svet.domains.payments.rules.tills import OperationKind
from svet.flows.till_pages import ReportPage
from svet.surfaces.paper import engine
from svet.surfaces.paper.heads import cleaned, company_texts
from svet.surfaces.web import till_words
from svet.surfaces.web.templatetags.svet import change, moment, rub, short_day

TEMPLATE = "shift_report.typ"
MINUS = "\u2212"
OUT = frozenset({OperationKind.REFUND, OperationKind.WITHDRAWAL})
LINES = ("cash", "card", "cash_refunds", "card_refunds", "deposits", "withdrawals")


def render(page: ReportPage) -> bytes:
    """Return the report as an accessible PDF (PDF/UA-1); raise TypesettingFailed."""
    shift, totals = page.report.shift, page.report.totals
    texts: dict[str, Any] = {
        "title": title(page),
        "kind": "Z-отчёт" if page.is_final else "X-отчёт",
        "company": company_texts(page.company),
        "facts": [
            {"name": name, "value": value}
            for name, value in (
                ("Касса", f"{shift.till_name}, смена № {shift.number}"),
                ("Офис", page.office),
                ("Кассир", page.cashier),
                ("Открыта", moment(shift.opened_at)),
                ("Закрыта", moment(shift.closed_at) if shift.closed_at else "ещё открыта"),
                ("Наличных на начало", rub(totals.opening_float)),
                ("Должно быть наличных", rub(totals.drawer)),
                ("Насчитали", rub(shift.counted) if page.is_final else ""),
                ("Разница", change(shift.difference) if shift.difference else ""),
                ("Объяснение", shift.explanation),
                ("Не напечатано документов", str(page.report.unprinted) if page.report.unprinted else ""),
                ("Чеки", "" if shift.is_fiscal else "касса не подключена: чеки не печатались"),
            )
            if value
        ],
        "totals": [
            {
                "what": till_words.COUNTERS[name],
                "count": str(getattr(totals, name).count),
                "amount": rub(getattr(totals, name).amount),
            }
            for name in LINES
        ],
        "taken": rub(totals.taken),
        "counters": [
            {
                "what": till_words.COUNTERS[line.what],
                "ours": rub(line.ours),
                "device": rub(line.device),
                "verdict": "не сходится" if line.differs else "сходится",
            }
            for line in page.counters
        ],
        "rows": [
            {
                "code": row.code,
                "at": moment(row.made_at),
                "what": f"{till_words.KINDS[row.kind]}{f': {row.reason}' if row.reason else ''}",
                "account": row.account_number,
                "means": till_words.MEANS[row.means],
                "amount": f"{MINUS if row.kind in OUT else ''}{rub(row.amount)}",
                "document": str(row.task.document.document_number) if row.task and row.task.document else "",
            }
            for row in page.report.operations
        ],
        "corrections": [
            {
                "code": f"{till_words.KINDS[row.kind]} {row.code}",
                "account": row.account_number,
                "ground": ground(row),
                "amount": rub(row.amount),
                "document": document(row),
            }
            for row in page.report.corrections
        ],
        "made_at": moment(page.made_at),
    }
    return engine.pdf(TEMPLATE, cleaned(texts), made_at=page.made_at)


def ground(row: CorrectionRow) -> str:
    """Return why a correction receipt was made: "предписание № 7 от 02.03.2026"."""
    number = f" № {row.ground.number}" if row.ground.number else ""
    return f"{till_words.GROUNDS[row.ground.type]}{number} от {short_day(row.ground.on)}"


def document(row: CorrectionRow) -> str:
    """Return the number of the fiscal document of a correction, or how it stands with it."""
    if row.task.document:
        return str(row.task.document.document_number)
    return "не напечатан" if row.task.problem else "ждёт"


def title(page: ReportPage) -> str:
    """Return what the file calls itself."""
    shift = page.report.shift
    return f"{'Z-отчёт' if page.is_final else 'X-отчёт'}: {shift.till_name}, смена № {shift.number}"
