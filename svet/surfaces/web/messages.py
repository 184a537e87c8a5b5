"""What the program says when something cannot be done or looks wrong: Russian texts by code.

A text takes the facts of its error or finding by name (`{previous}`); numbers and days in them are written as
people write them. A test holds that every code of the project has its text here.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from svet.kernel.errors import DomainError
from svet.kernel.findings import Finding
from svet.surfaces.web import (
    act_words,
    appeal_words,
    benefit_words,
    billing_words,
    contact_words,
    content_words,
    entry_words,
    file_words,
    gis_words,
    hall_words,
    house_words,
    import_words,
    mail_words,
    message_words,
    office_words,
    operation_words,
    outage_words,
    paper_words,
    payment_words,
    penalty_words,
    policy_words,
    reading_words,
    reference_words,
    revision_words,
    statement_words,
    till_words,
    words,
)

NUMBERS_THAT_NAME = frozenset(
    {
        "account",
        "address",
        "file",
        "name",
        "line",
        "first_line",
        "other_line",
        "number",
        "operation",
        "register",
        "serial",
        "serials",
        "txn_id",
        "username",
        "value",
        "raw",
    }
)
"""Facts that are a name, not a quantity or a code: they are shown as they are."""

UNKNOWN = "Это сейчас нельзя сделать. Позвоните нам, мы разберёмся."

ERRORS: dict[str, str] = {
    **act_words.ERRORS,
    **appeal_words.ERRORS,
    **benefit_words.ERRORS,
    **billing_words.ERRORS,
    **entry_words.ERRORS,
    **contact_words.ERRORS,
    **content_words.ERRORS,
    **file_words.ERRORS,
    **gis_words.ERRORS,
    **hall_words.ERRORS,
    **import_words.ERRORS,
    **mail_words.ERRORS,
    **message_words.ERRORS,
    **office_words.ERRORS,
    **operation_words.ERRORS,
    **paper_words.ERRORS,
    **penalty_words.ERRORS,
    **payment_words.ERRORS,
    **reading_words.ERRORS,
    **policy_words.ERRORS,
    **reference_words.ERRORS,
    **house_words.ERRORS,
    **outage_words.ERRORS,
    **revision_words.ERRORS,
    **statement_words.ERRORS,
    **till_words.ERRORS,
    "cannot_be_done": UNKNOWN,
    "case_error": "В файле примера ошибка: {what}",
    "file_is_refused": "Файл не принят: исправьте отмеченные строки и загрузите его снова.",
    "not_found": "Такой записи нет.",
    "not_allowed": "У вас нет права на это действие.",
    "conflict": "Пока вы думали, это уже сделал кто-то другой. Обновите страницу.",
    # access
    "no_such_user": "Такого пользователя нет или его вход закрыт.",
    "login_is_taken": "Логин {username} занят: выберите другой.",
    "unknown_role": "Роли «{role}» нет.",
    "roles_are_needed": "Выберите хотя бы одну роль.",
    "not_for_oneself": "Свои роли и свой вход меняет другой администратор.",
    "staff_changed_meanwhile": "Пока вы думали, роли сотрудника изменил кто-то другой. Проверьте их и повторите.",
    "last_administrator": "Это последний администратор: сначала дайте эту роль кому-нибудь ещё.",
    "unit_not_found": "Такого подразделения нет.",
    "unit_needs_a_name": "Напишите название подразделения.",
    "unit_is_named_already": "Подразделение «{name}» уже есть.",
    "unit_below_itself": "«{name}» не может входить в само себя.",
    "purpose_is_needed": "Укажите, зачем вы открываете лицевой счёт.",
}

FINDINGS: dict[str, str] = {
    **billing_words.FINDINGS,
    **import_words.FINDINGS,
    **payment_words.FINDINGS,
    **penalty_words.FINDINGS,
    **reading_words.FINDINGS,
    **reference_words.FINDINGS,
}


def of_error(error: DomainError) -> str:
    """Return the text for an error the business raised."""
    return _fill(ERRORS.get(error.code) or FINDINGS.get(error.code) or UNKNOWN, error.facts)


def registered(number: str, *, is_new: bool) -> str:
    """Return what is said of an appeal that was sent: its number, and whether it had it already."""
    return f"Обращение {number} зарегистрировано." if is_new else f"Обращение уже зарегистрировано, его номер {number}."


def of_finding(finding: Any) -> str:
    """Return the text for a finding, or for its JSON form {"code", "level", "facts"}."""
    code, facts = (finding["code"], finding["facts"]) if isinstance(finding, Mapping) else (finding.code, finding.facts)
    text = FINDINGS.get(code) or ERRORS.get(code)
    return _fill(text, facts) if text else f"{UNKNOWN} (код {code})"


def in_its_line(finding: Finding) -> str:
    """Return the text for a finding of a registry's line, beside which the line itself is shown."""
    text = payment_words.IN_A_LINE.get(finding.code)
    return _fill(text, finding.facts) if text else of_finding(finding)


class _Facts(string.Formatter):
    """Fills a text; a fact that is missing leaves a gap in words, never an error before a customer."""

    def get_value(self, key: Any, args: Any, kwargs: Any) -> Any:
        value = kwargs.get(key)
        if value is None or value == "":
            return "—"
        if key in NUMBERS_THAT_NAME:
            return str(value)
        if str(key).endswith("_wh"):
            return f"{as_people_write(Decimal(value) / 1000)}\u00a0кВт·ч"
        return as_people_write(value)

    def format_field(self, value: Any, format_spec: str) -> str:
        return str(value)


def as_people_write(value: Any) -> str:
    """Return a fact as people write it: days as 24.11.2026, months as 11.2026, numbers with a comma."""
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    text = str(value)
    if re.fullmatch(r"\d{4}-\d\d-\d\d.*", text):
        return f"{text[8:10]}.{text[5:7]}.{text[:4]}"
    if re.fullmatch(r"\d{4}-\d\d", text):
        return f"{text[5:7]}.{text[:4]}"
    if isinstance(value, (list, tuple)):
        return ", ".join(as_people_write(part) for part in value)
    if text in payment_words.FACTS:
        return payment_words.FACTS[text]
    if re.fullmatch(r"-?\d{1,9}(\.\d+)?", text):
        return _number(text)
    return words.of(text)


def _number(text: str) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    # Two digits are kopecks and stay; of everything else only the digits that say something.
    places = -int(value.as_tuple().exponent)
    digits = 2 if places == 2 else max(0, -int(value.normalize().as_tuple().exponent))
    return f"{value:,.{digits}f}".replace(",", "\u00a0").replace(".", ",").replace("-", "\u2212")


def _fill(text: str, facts: Mapping[str, Any]) -> str:
    return _Facts().vformat(text, (), dict(facts))
