"""What the sections of a disclosure are called, and which of their columns people read; the JSON holds all."""

from __future__ import annotations

from dataclasses import dataclass

from svet.domains.notifications.rules import MessageKind
from svet.surfaces.web import act_words, benefit_words, message_words


@dataclass(frozen=True, slots=True)
class Section:
    """A table: its title, and for each column where its value is and what it is called."""

    title: str
    columns: tuple[tuple[str, str], ...]


WORDS: dict[str, str] = {
    # who one is for an account
    "owner": "владелец",
    "payer": "плательщик",
    "reader": "наблюдатель",
    # of what and how one is told
    "reading": "показания",
    "bill": "счёт",
    "reply": "ответ на обращение",
    "email": "по почте",
    "none": "не сообщать",
    "personal_data": "обработка контактов",
    "marketing": "рассказы об услугах",
    **{kind.value: message_words.about(kind) for kind in MessageKind},
    **act_words.KINDS,
    **benefit_words.KINDS,
    # whose a letter is
    "incoming": "ваше",
    "outgoing": "наше",
    # how far things are
    "waiting": "ждёт",
    "making": "собирается",
    "ready": "готово",
    "expired": "удалено",
    "sent": "отправлено",
    "delivered": "доставлено",
    "failed": "не получилось",
    "dropped": "не отправляли: перерыв уже закончился",
}
"""What the trade's words (web/words.py) say otherwise or do not say."""

SECTIONS: dict[str, Section] = {
    "sign_in": Section(
        "Вход в личный кабинет", (("login", "Логин"), ("name", "Имя"), ("email", "Почта"), ("phone", "Телефон"))
    ),
    "addresses": Section("Чем ещё вы входите", (("value", "Почта или телефон"),)),
    "customers": Section("Кто заключил договор", (("name", "Имя или название"), ("kind", "Кто это"), ("inn", "ИНН"))),
    "contacts": Section(
        "Контакты",
        (("value", "Контакт"), ("period.start", "С"), ("period.end", "До"), ("confirmed_at", "Подтверждён")),
    ),
    "consents": Section(
        "Согласия",
        (
            ("purpose", "На что"),
            ("is_given", "Дано"),
            ("at", "Когда"),
            ("text_version", "Текст"),
            ("channel", "Где"),
        ),
    ),
    "preferences": Section("Как сообщать", (("subject", "О чём"), ("way", "Как"))),
    "accounts": Section(
        "Лицевые счета, открытые вам",
        (
            ("number", "Номер"),
            ("customer_name", "Потребитель"),
            ("opened_on", "Открыт"),
            ("closed_on", "Закрыт"),
            ("role", "Вы для него"),
        ),
    ),
    "disclosures": Section(
        "Запросы всех данных", (("requested_at", "Когда"), ("state", "Состояние"), ("expires_at", "Хранится до"))
    ),
    "agreements": Section(
        "Договоры",
        (("number", "Номер"), ("period.start", "С"), ("period.end", "До"), ("supply_point.address", "Адрес")),
    ),
    "households": Section(
        "Состав проживающих",
        (
            ("period.start", "С"),
            ("period.end", "До"),
            ("registered", "Зарегистрировано"),
            ("temporary", "Временно"),
            ("owners", "Собственников"),
        ),
    ),
    "benefits": Section(
        "Льготы",
        (
            ("kind", "Льгота"),
            ("holder", "У кого"),
            ("document", "Документ"),
            ("from_on", "С"),
            ("out_on", "До"),
            ("is_undone", "Отменена"),
        ),
    ),
    "meters": Section(
        "Счётчики",
        (
            ("serial", "Номер"),
            ("model", "Модель"),
            ("installed_on", "Установлен"),
            ("removed_on", "Снят"),
            ("verification_due_on", "Поверить до"),
        ),
    ),
    "meter_acts": Section(
        "Акты о счётчиках",
        (
            ("on", "День"),
            ("kind", "Что сделано"),
            ("number", "Номер"),
            ("removed", "Снят"),
            ("installed", "Поставлен"),
            ("signed_by", "Подписал"),
        ),
    ),
    "unmetered_acts": Section(
        "Акты о безучётном потреблении",
        (
            ("found_on", "Обнаружено"),
            ("kind", "Что"),
            ("number", "Номер"),
            ("from_on", "С"),
            ("until_on", "До"),
            ("kwh", "кВт·ч"),
            ("amount", "Сумма, ₽"),
            ("is_undone", "Отменён"),
        ),
    ),
    "readings": Section(
        "Показания",
        (
            ("taken_on", "Сняты"),
            ("meter_serial", "Счётчик"),
            ("band", "Зона"),
            ("value", "Показание"),
            ("channel", "Способ"),
            ("verdict", "Состояние"),
        ),
    ),
    "charges": Section(
        "Начисления",
        (("month", "Месяц"), ("kwh", "кВт·ч"), ("amount", "Сумма, ₽"), ("basis", "Как определён расход")),
    ),
    "bills": Section(
        "Счета",
        (
            ("month", "Месяц"),
            ("number", "Номер"),
            ("issued_on", "Выставлен"),
            ("charged", "Начислено, ₽"),
            ("paid", "Оплачено, ₽"),
            ("closing", "К оплате, ₽"),
        ),
    ),
    "entries": Section(
        "Движения по счёту",
        (
            ("posted_on", "День"),
            ("kind", "Что"),
            ("service", "За что"),
            ("concerns", "За месяц"),
            ("amount", "Сумма, ₽"),
            ("balance", "Остаток, ₽"),
        ),
    ),
    "payments": Section(
        "Платежи",
        (("paid_at", "Когда"), ("source_name", "Как"), ("external_id", "Номер"), ("amount", "Сумма, ₽")),
    ),
    "payments_moved_away": Section(
        "Платежи, перенесённые на другие счета",
        (("paid_at", "Когда"), ("source_name", "Как"), ("external_id", "Номер"), ("amount", "Сумма, ₽")),
    ),
    "allocation": Section(
        "За что зачтены платежи",
        (("paid_on", "Оплачено"), ("month", "За месяц"), ("service", "За что"), ("amount", "Сумма, ₽")),
    ),
    "certificates": Section("Справки", (("number", "Номер"), ("stated_on", "На день"), ("issued_at", "Выдана"))),
    "messages": Section(
        "Сообщения вам",
        (("created_at", "Когда"), ("kind", "О чём"), ("channel", "Как"), ("address", "Куда"), ("state", "Состояние")),
    ),
    "bookings": Section(
        "Ваши записи в офис",
        (
            ("starts_at", "На когда"),
            ("title", "С каким вопросом"),
            ("name", "Имя"),
            ("phone", "Телефон"),
            ("email", "Почта"),
        ),
    ),
    "service_contacts": Section(
        "Когда вы к нам обращались",
        (
            ("began_at", "Когда"),
            ("channel", "Как"),
            ("subjects", "О чём"),
            ("settled", "Решён ли вопрос"),
            ("note", "Что записал сотрудник"),
        ),
    ),
    "remarks": Section(
        "Ваши вопросы по счетам",
        (
            ("number", "Номер"),
            ("sent_at", "Когда"),
            ("month", "Счёт за"),
            ("text", "Что вы написали"),
            ("answer", "Ответ"),
            ("answered_at", "Когда ответили"),
        ),
    ),
    "appeals": Section(
        "Ваши обращения",
        (
            ("number", "Номер"),
            ("registered_at", "Зарегистрировано"),
            ("channel", "Откуда"),
            ("kind", "Что это"),
            ("subject", "О чём"),
            ("state", "Состояние"),
            ("resolution", "Решение"),
            ("answered_at", "Когда ответили"),
        ),
    ),
    "appeal_letters": Section(
        "Письма по обращениям",
        (
            ("appeal", "Обращение"),
            ("at", "Когда"),
            ("direction", "Чьё письмо"),
            ("text", "Текст"),
            ("files", "Файлы"),
        ),
    ),
    "appeal_steps": Section(
        "Ход обращений",
        (("appeal", "Обращение"), ("at", "Когда"), ("kind", "Что произошло"), ("until_on", "Срок до")),
    ),
    "looks": Section(
        "Кто из сотрудников смотрел ваши данные", (("at", "Когда"), ("roles", "Кто"), ("purpose", "Зачем"))
    ),
}
