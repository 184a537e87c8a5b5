"""What a statement calls its movements and the papers behind them: the same words on pages, on paper, in sheets."""

from __future__ import annotations

from svet.domains.ledger.rules import EntryKind, Service
from svet.flows.statements import StatementLine

ERRORS: dict[str, str] = {
    "statement_does_not_add_up": (
        "Акт сверки не сходится с остатком счёта, поэтому мы его не показываем. Ошибка записана, мы разберёмся."
    ),
}

_ABOUT_A_MONTH: dict[EntryKind, str] = {
    EntryKind.CHARGE: "Начислено",
    EntryKind.CORRECTION: "Перерасчёт",
    EntryKind.PENALTY: "Пени",
    EntryKind.ADJUSTMENT: "Корректировка",
}
_MONEY: dict[EntryKind, str] = {
    EntryKind.OPENING: "Остаток, перенесённый из прежнего учёта",
    EntryKind.PAYMENT: "Платёж",
    EntryKind.REVERSAL: "Отмена платежа",
    EntryKind.REFUND: "Возврат переплаты",
}
_OF_SERVICE: dict[Service, str] = {Service.ENERGY: "", Service.PENALTY: " (пени)", Service.COSTS: " (расходы)"}


def what(line: StatementLine, *, month: str) -> str:
    """Return what moved; `month` is the name of the month it is about, empty when it is about none."""
    row = line.movement
    if row.kind is EntryKind.REVERSAL and row.source_kind == "assignment":
        return "Платёж перенесён на другой счёт"
    service = "" if row.kind is EntryKind.PENALTY else _OF_SERVICE[row.service]
    if row.kind in _ABOUT_A_MONTH:
        return f"{_ABOUT_A_MONTH[row.kind]}{f' за {month}' if month else ''}{service}"
    return f"{_MONEY[row.kind]}{service}"


def paper(line: StatementLine) -> str:
    """Return by which document it moved, empty where there is none."""
    if line.bill_number:
        return f"счёт № {line.bill_number}"
    return f"{line.paper.source_name}, № {line.paper.external_id}" if line.paper else ""
