"""Words of the trade as people read them: states, channels, kinds. One dictionary, keyed by the code's own value."""

from __future__ import annotations

from typing import Any

from svet.surfaces.web import appeal_words, contact_words, payment_words

WORDS: dict[str, str] = {
    **payment_words.FACTS,
    **contact_words.WORDS,
    **appeal_words.WORDS,
    # who is served
    "individuals": "для граждан",
    "legal_entities": "для юридических лиц",
    # ways of a reading
    "desk": "в офисе",
    "phone": "по телефону",
    "sms": "по СМС",
    "ivr": "автоответчик",
    "cabinet": "личный кабинет",
    "website": "сайт",
    "terminal": "терминал",
    "bank": "банк",
    "api": "приложение",
    "meter_reader": "контролёр",
    "smart_meter": "умный счётчик",
    "grid": "сетевая компания",
    "import": "загрузка данных",
    # verdicts
    "accepted": "принято",
    "held": "на проверке",
    "refused": "не принято",
    # why a value was taken
    "regular": "обычное",
    "control": "контрольное",
    "installed": "при установке",
    "removed": "при снятии",
    "initial": "начальное",
    "final": "последнее",
    # how a volume was found
    "measured": "по счётчику",
    "average": "по среднему расходу",
    "norm": "по нормативу",
    # zones of the day
    "all": "круглые сутки",
    "day": "день",
    "night": "ночь",
    "peak": "пик",
    "half_peak": "полупик",
    # meters by zones
    "1": "однотарифный",
    "2": "двухтарифный",
    "3": "трёхтарифный",
    # states of a run
    "new": "ждёт начала",
    "rating": "считается",
    "rated": "рассчитан",
    "issuing": "выставляются счета",
    "closed": "завершён",
    "failed": "остановлен ошибкой",
    "cancelled": "отменён",
    "taken": "в работе",
    "done": "готово",
    "parked": "отложен",
    "solved": "решено",
    # structures and categories of tariffs
    "flat": "единая цена",
    "social_norm": "социальная норма",
    "ranges": "диапазоны потребления",
    "urban_gas": "город, газовая плита",
    "urban_electric": "город, электроплита",
    "rural": "сельская местность",
    # movements of an account
    "opening": "начальный остаток",
    "charge": "начисление",
    "correction": "перерасчёт",
    "penalty": "пени",
    "payment": "платёж",
    "reversal": "отмена платежа",
    "refund": "возврат",
    "adjustment": "корректировка",
    "energy": "электроэнергия",
    "costs": "расходы",
    # ways of payment
    "bank_register": "через банк",
    "cash_desk": "касса",
    "card": "картой",
    "bank_statement": "банковский перевод",
    # roles and purposes
    "operator": "оператор",
    "billing_engineer": "инженер по расчётам",
    "cashier": "кассир",
    "supervisor": "руководитель",
    "head": "начальник управления",
    "auditor": "аудитор",
    "editor": "редактор сайта",
    "administrator": "администратор",
    "customer_call": "звонок клиента",
    "office_visit": "клиент в офисе",
    "written_appeal": "письменное обращение",
    "reading_check": "проверка показаний",
    "billing_check": "проверка начислений",
    "payment_search": "поиск платежа",
    "taking_payment": "приём оплаты в кассе",
    "inspection": "внутренняя проверка",
    "register_export": "выгрузка списка обращений в файл",
    # people on an account
    "owner": "владелец",
    "payer": "плательщик",
    "reader": "читатель",
    # customers
    "person": "гражданин",
    "sole_trader": "предприниматель",
    "company": "организация",
    "utility_provider": "исполнитель коммунальных услуг",
}


CHANGES: dict[str, str] = {
    # contacts
    "added": "добавлен контакт",
    "ended": "удалён контакт",
    # what a code is for
    "confirm_contact": "подтверждения контакта",
    "sign_in": "входа в личный кабинет",
    "sign_up": "регистрации в личном кабинете",
    "recovery": "нового пароля",
    # signing in
    "signed_up": "открыт личный кабинет",
    "password_recovered": "задан новый пароль по коду",
    "password_changed": "изменён пароль",
    "second_factor_changed": "изменён второй фактор",
    "passkeys_changed": "изменены ключи входа",
    "access_granted": "к вашему лицевому счёту получил доступ ещё один человек",
    "access_revoked": "закрыт доступ к лицевому счёту",
}
"""What a message says was changed, or what its code is for."""


def of_change(value: Any) -> str:
    """Return the words for what was changed; a code without words is shown as it is."""
    return CHANGES.get(str(value), str(value))


def of(value: Any) -> str:
    """Return the word for a code; a code without a word is shown as it is (a test finds it)."""
    return WORDS.get(str(value), str(value))
