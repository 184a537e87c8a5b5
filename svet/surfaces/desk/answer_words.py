"""The words of answers at the desk: how fields of a template read when they are filled, the way of a letter."""

from __future__ import annotations

from decimal import Decimal

from svet.domains.cases.rules.templates import TemplateField
from svet.flows.answering import Known
from svet.surfaces.web.templatetags.svet import day, month_name, rub

FIELDS: dict[str, str] = {
    TemplateField.NAME: "имя заявителя",
    TemplateField.NUMBER: "номер обращения",
    TemplateField.REGISTERED: "день регистрации",
    TemplateField.SUBJECT: "тема обращения",
    TemplateField.ACCOUNT: "номер лицевого счёта",
    TemplateField.ADDRESS: "адрес потребления",
    TemplateField.BALANCE: "долг или переплата",
    TemplateField.BILL_MONTH: "месяц счёта, о котором спрашивают",
    TemplateField.BILL_AMOUNT: "сумма этого счёта",
    TemplateField.RECALCULATION: "чем кончился пересчёт",
    TemplateField.POINTS: "ответы на вопросы по пунктам",
}

DELIVERY: dict[str, str] = {
    "waiting": "Ждёт отправки",
    "sent": "Отправлено",
    "delivered": "Доставлено",
    "failed": "Не доставлено",
    "dropped": "Не отправляли: уже не нужно",
    "posted": "Сдано на почту",
    "to_print": "Ждёт печати и отправки почтой",
    "opened": "Заявитель открыл",
    "to_portal": "Ждёт отправки на портал ГИС ЖКХ",
    "on_portal": "Принято порталом ГИС ЖКХ",
    "portal_refused": "Портал ГИС ЖКХ не принял",
    "portal_unclear": "Неясно, принял ли портал ГИС ЖКХ",
}


def filled(known: Known) -> dict[str, str]:
    """Return the fields of a template as they read in a letter; what is not known is empty."""
    return {
        TemplateField.NAME: known.name,
        TemplateField.NUMBER: known.number,
        TemplateField.REGISTERED: day(known.registered_at),
        TemplateField.SUBJECT: known.subject_name[:1].lower() + known.subject_name[1:],
        TemplateField.ACCOUNT: known.account,
        TemplateField.ADDRESS: known.address,
        TemplateField.BALANCE: balance_of(known.balance),
        TemplateField.BILL_MONTH: month_name(known.bill_month) if known.bill_month else "",
        TemplateField.BILL_AMOUNT: rub(known.bill_amount) if known.bill_amount is not None else "",
        TemplateField.RECALCULATION: known.recalculation,
    }


def balance_of(amount: Decimal | None) -> str:
    """Return a balance as people say it; empty where none is known."""
    if amount is None:
        return ""
    if amount > 0:
        return f"долг {rub(amount)}"
    return f"переплата {rub(-amount)}" if amount < 0 else "долга нет"
