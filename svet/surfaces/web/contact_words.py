"""The words of contacts at the desk and identification (`messages` and `words` take them in)."""

from __future__ import annotations

ERRORS: dict[str, str] = {
    "too_many_tries": "Данные не совпали слишком много раз. Передайте клиента старшему смены.",
    "not_your_work": "Такая работа не входит в ваши обязанности.",
    "reason_is_needed": "Напишите, почему отказано.",
    "document_tail_is_wrong": "Введите не больше четырёх последних цифр номера документа.",
    "contact_is_running": "Вы только что начали другой контакт в соседнем окне. Обновите страницу.",
    "contact_is_ended": "Этот контакт уже завершён.",
    "subject_is_needed": "Выберите хотя бы одну тему.",
}

WORDS: dict[str, str] = {
    # by which way
    "call": "звонок",
    "visit": "визит в офис",
    "letter": "письмо",
    # about what
    "readings": "показания",
    "balance": "баланс и долг",
    "charges": "начисления и тарифы",
    "payments": "платежи",
    "meter": "счётчик и поверка",
    "contract": "договор",
    "documents": "справки и документы",
    "cabinet_access": "личный кабинет",
    "supply_cut": "отключение света",
    "complaint": "жалоба",
    "other_subject": "другое",
    # settled in one
    "settled": "да, решён",
    "promised": "обещали ответить",
    "not_settled": "нет",
    # how it ended
    "finished": "завершён",
    "switched": "прерван другим клиентом",
    "identification_refused": "клиент не подтвердил себя",
    "abandoned": "оставлен без завершения",
    # how the customer is known
    "document": "по документу",
    "said": "по названным данным",
    "representative": "представитель по доверенности",
    "inner_work": "работа без клиента",
    "passport": "паспорт",
    "foreign_passport": "паспорт иностранного гражданина",
    "driving_licence": "водительское удостоверение",
    "military_card": "военный билет",
    "residence_permit": "вид на жительство",
    "confirmed": "подтвердил",
    "not_confirmed": "не совпало",
    "refused_by_customer": "отказ",
}
