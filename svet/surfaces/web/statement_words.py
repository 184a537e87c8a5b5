"""The words of statements and certificates: the same on pages, on paper, in sheets."""

from __future__ import annotations

from svet.domains.ledger.rules import CertificateKind, EntryKind, Service
from svet.flows.statements import StatementLine

ERRORS: dict[str, str] = {
    "statement_does_not_add_up": (
        "Акт сверки не сходится с остатком счёта, поэтому мы его не показываем. Ошибка записана, мы разберёмся."
    ),
    "there_is_debt": (
        "Справку об отсутствии задолженности выдать нельзя: на этот день есть долг {amount} ₽. "
        "Оплатите его или возьмите справку об остатке."
    ),
    "certificate_differs": (
        "По этой странице уже выдана другая справка, № {number}. Откройте страницу заново и запросите ещё одну."
    ),
    "day_has_not_come": "Этот день ещё не наступил: выберите сегодняшний или раньше.",
    "account_was_not_open": "В этот день счёта ещё не было: он открыт {opened_on}.",
}

CERTIFICATES: dict[CertificateKind, str] = {
    CertificateKind.NO_DEBT: "об отсутствии задолженности",
    CertificateKind.BALANCE: "об остатке на счёте",
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


def code_in_groups(code: str) -> str:
    """Write the code of a certificate in groups that are easy to read out."""
    return " ".join(code[place : place + 4] for place in range(0, len(code), 4))


def number_of_certificate(number: int) -> str:
    """Write the number of a certificate."""
    return f"{number:06d}"
