"""The words of messages to people, by kind. Each ends with the company's phone and site (clause R2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from svet.domains.notifications.rules import MessageKind
from svet.domains.offices.queries import CompanyView
from svet.domains.offices.rules import Audience


@dataclass(frozen=True, slots=True)
class Words:
    """A letter's subject and paragraphs, and the line of an SMS; `{facts}` are filled in."""

    subject: str
    paragraphs: tuple[str, ...]
    short: str


ERRORS: dict[str, str] = {
    "sms_is_settled": "Это SMS уже разобрано. Обновите страницу.",
    "message_did_not_fail": "Это сообщение уже отправляется или отправлено: повторять не нужно.",
    "consent_is_missing": "Клиент не давал согласия на такие сообщения.",
    "code_is_gone": "Код в этом сообщении больше не действует. Попросите клиента запросить новый.",
}

_ABOUT: dict[str, str] = {
    "code": "код подтверждения",
    "contact_changed": "изменены контакты",
    "sign_in_changed": "изменён вход в кабинет",
    "invitation": "приглашение в кабинет",
    "reading_reminder": "напоминание о показаниях",
    "reading_answered": "ответ о показаниях",
    "bill_issued": "выставлен счёт",
    "bills_revised": "перерасчёт",
    "payment_received": "получен платёж",
    "reply": "ответ на обращение",
    "appeal_registered": "обращение зарегистрировано",
    "appeal_letter": "письмо по обращению",
    "appeal_rating": "просьба оценить ответ",
    "appeal_solved": "вопрос, решено ли обращение",
    "grid_asked": "вопрос сетевой организации",
    "grid_reminded": "напоминание сетевой организации",
    "sms_answer": "ответ на СМС",
    "application_moved": "этап заявки на договор",
    "booking_made": "запись в офис",
    "booking_reminder": "напоминание о записи в офис",
    "booking_moved": "перенос записи в офис",
    "booking_cancelled": "отмена записи в офис",
    "booking_displaced": "офис не примет в назначенное время",
    "booking_stands": "запись в офис снова в силе",
    "visit_rating": "оценка приёма в офисе",
    "outage_begun": "нет света",
    "outage_told": "нет света: новый срок",
    "outage_over": "свет снова есть",
    "outage_withdrawn": "перерыва не было",
    "term_near": "сотруднику: срок обращения близко",
    "term_passed": "сотруднику: срок обращения прошёл",
}
_WHY: dict[str, str] = {
    "consent_is_withdrawn": "клиент отозвал согласие",
    "no_mail_server_is_set": "почтовый сервер не настроен",
    "no_sms_gateway_is_set": "шлюз СМС не настроен",
    "secret_cannot_be_opened": "ключ установки сменился, код не прочитать",
    "no_answer": "отправка несколько раз прервалась",
    "operator_2": "оператор не смог доставить",
    "operator_16": "оператор не принял",
    "smtp_550": "такого почтового ящика нет",
    "smtp_552": "почтовый ящик переполнен",
    "kannel_403": "шлюз СМС не принял наш пароль",
    "ConnectError": "шлюз СМС не отвечает",
    "ReadTimeout": "шлюз СМС не отвечает",
    "ConnectTimeout": "шлюз СМС не отвечает",
    "ConnectionRefusedError": "почтовый сервер не отвечает",
    "TimeoutError": "почтовый сервер не отвечает",
}

NOT_ASKED = "Если вы этого не делали, позвоните нам: возможно, кто-то пытается войти в ваш кабинет."

_REDUCED = "За перерыв дольше допустимого плата за месяц снижается, заявление для этого не нужно."

WORDS: dict[MessageKind, Words] = {
    MessageKind.CODE: Words(
        "Код подтверждения",
        (
            "Код для {what}: {code}",
            "Он действует 10 минут. Никому его не сообщайте, даже сотрудникам компании.",
            NOT_ASKED,
        ),
        "Код для {what}: {code}. Никому его не сообщайте.",
    ),
    MessageKind.CONTACT_CHANGED: Words(
        "Изменены контакты",
        ("Изменились ваши контакты у нас: {what}.", NOT_ASKED),
        "Изменены ваши контакты: {what}. Если это не вы, позвоните нам.",
    ),
    MessageKind.SIGN_IN_CHANGED: Words(
        "Изменён вход в личный кабинет",
        ("Изменён вход в личный кабинет: {what}.", NOT_ASKED),
        "Изменён вход в кабинет: {what}. Если это не вы, позвоните нам.",
    ),
    MessageKind.INVITATION: Words(
        "Приглашение в личный кабинет",
        (
            "Вас приглашают в личный кабинет: лицевой счёт {number}.",
            "Чтобы принять приглашение, откройте ссылку до {until}: {link}",
            "Если вы никого об этом не просили, ничего не делайте: ссылка сама перестанет действовать.",
        ),
        "Вас приглашают в личный кабинет, лицевой счёт {number}. Принять: {link}",
    ),
    MessageKind.READING_REMINDER: Words(
        "Передайте показания",
        ("По лицевому счёту {number} ждём показания счётчика до {until}.",),
        "Счёт {number}: передайте показания до {until}.",
    ),
    MessageKind.READING_ANSWERED: Words(
        "Показания: {verdict}",
        ("Показания по лицевому счёту {number}: {verdict}.", "Номер квитанции: {receipt}."),
        "Счёт {number}: показания {verdict}. Квитанция {receipt}.",
    ),
    MessageKind.BILL_ISSUED: Words(
        "Счёт за {month}",
        ("По лицевому счёту {number} выставлен счёт за {month}.", "К оплате: {amount}."),
        "Счёт {number}: за {month} к оплате {amount}.",
    ),
    MessageKind.BILLS_REVISED: Words(
        "Сделан перерасчёт",
        ("По лицевому счёту {number} сделан перерасчёт за прошлые месяцы: {amount}.", "Он войдёт в следующий счёт."),
        "Счёт {number}: перерасчёт за прошлые месяцы {amount}, он войдёт в следующий счёт.",
    ),
    MessageKind.PAYMENT_RECEIVED: Words(
        "Платёж получен",
        ("На лицевой счёт {number} {taken_on} принят платёж {amount}.",),
        "Счёт {number}: {taken_on} принят платёж {amount}.",
    ),
    MessageKind.REPLY: Words(
        "Ответ на обращение {case}",
        ("Готов ответ на ваше обращение {case}.", "Он в личном кабинете."),
        "Ответ на обращение {case} готов, он в личном кабинете.",
    ),
    MessageKind.APPEAL_REGISTERED: Words(
        "Обращение {case} зарегистрировано",
        (
            "Мы получили ваше обращение и зарегистрировали его под номером {case}.",
            "Ответим не позже {until}.",
            "Узнать, что с ним, можно на нашем сайте по номеру и коду {code}. Никому не сообщайте код.",
        ),
        "Обращение {case} зарегистрировано, ответим не позже {until}. Код для проверки на сайте: {code}.",
    ),
    MessageKind.APPEAL_LETTER: Words(
        "Обращение {case}", ("{text}",), "По обращению {case} есть письмо: прочтите его на сайте по номеру и коду."
    ),
    MessageKind.APPEAL_RATING: Words(
        "Оцените ответ на обращение {case}",
        (
            "Мы ответили на ваше обращение {case}. Понятен ли ответ, вежливы ли мы были?",
            "Поставьте оценку от 1 до 5, это одно нажатие: {asking}",
        ),
        "Оцените наш ответ на обращение {case}: {asking}",
    ),
    MessageKind.APPEAL_SOLVED: Words(
        "Решён ли ваш вопрос? Обращение {case}",
        (
            "Недавно мы ответили на ваше обращение {case}. Решён ли вопрос на самом деле?",
            "Если нет, скажите об этом, и мы откроем обращение снова: {asking}",
        ),
        "Решён ли вопрос по обращению {case}? Скажите нам: {asking}",
    ),
    MessageKind.APPLICATION_MOVED: Words(
        "Заявка {case}: {stage}",
        (
            "По вашей заявке на договор {case} новый этап: {stage}.",
            "{text}",
            "Все этапы видны на нашем сайте по номеру заявки и коду.",
        ),
        "Заявка на договор {case}: {stage}. Подробности на сайте по номеру и коду.",
    ),
    MessageKind.GRID_ASKED: Words(
        "Обращение потребителя {case}",
        ("{text}", "Просим ответить не позже {until} и указать номер {case}."),
        "Обращение потребителя {case}: ждём ответ до {until}.",
    ),
    MessageKind.GRID_REMINDED: Words(
        "Напоминание: обращение потребителя {case}",
        ("Мы не получили ответ на наш вопрос:", "{text}", "Просим ответить не позже {until} и указать номер {case}."),
        "Обращение потребителя {case}: ждём ответ до {until}.",
    ),
    MessageKind.BOOKING_MADE: Words(
        "Вы записаны в офис на {starts_at}",
        (
            "Вы записаны на {starts_at}: {title}. Офис: {office}.",
            "Код записи {code}: введите его на киоске в офисе.",
            "Посмотреть, перенести или отменить запись: {booking}",
        ),
        "Запись на {starts_at}, {office}. Код {code}. Изменить: {booking}",
    ),
    MessageKind.BOOKING_MOVED: Words(
        "Запись в офис перенесена на {starts_at}",
        (
            "Ваша запись перенесена на {starts_at}: {title}. Офис: {office}.",
            "Код записи прежний, {code}: введите его на киоске в офисе.",
            "Посмотреть, перенести или отменить запись: {booking}",
        ),
        "Запись перенесена на {starts_at}, {office}. Код {code}. Изменить: {booking}",
    ),
    MessageKind.BOOKING_CANCELLED: Words(
        "Запись в офис на {starts_at} отменена",
        (
            "Ваша запись на {starts_at} отменена: {title}. Офис: {office}.",
            "Если вы этого не делали или хотите выбрать другое время: {booking}",
        ),
        "Запись на {starts_at}, {office}, отменена. Записаться снова: {booking}",
    ),
    MessageKind.BOOKING_DISPLACED: Words(
        "Офис не сможет принять вас {starts_at}: выберите другое время",
        (
            "Вы записаны на {starts_at}: {title}. Офис: {office}.",
            "В это время принять вас не сможем: {why}. Просим прощения.",
            "Выберите другое время или другой офис, код записи {code} останется прежним: {booking}",
        ),
        "Запись на {starts_at}, {office}: принять не сможем. Выберите другое время: {booking}",
    ),
    MessageKind.BOOKING_STANDS: Words(
        "Запись в офис на {starts_at} снова в силе",
        (
            "Всё-таки сможем принять: ждём вас {starts_at}, {title}. Офис: {office}.",
            "Код записи {code}: введите его на киоске в офисе.",
            "Посмотреть, перенести или отменить запись: {booking}",
        ),
        "Запись на {starts_at}, {office}, снова в силе. Код {code}. Изменить: {booking}",
    ),
    MessageKind.BOOKING_REMINDER: Words(
        "Напоминание: вы записаны в офис на {starts_at}",
        (
            "Напоминаем: вы записаны на {starts_at}: {title}. Офис: {office}.",
            "Код записи {code}: введите его на киоске в офисе.",
            "Если не сможете прийти, перенесите или отмените запись: {booking}",
        ),
        "Напоминаем: запись на {starts_at}, {office}. Код {code}. Изменить: {booking}",
    ),
    MessageKind.VISIT_RATING: Words(
        "Как прошёл приём в офисе?",
        (
            "Вы были у нас {taken_on}: {office}. Как вас приняли?",
            "Поставьте оценку от 1 до 5, это одно нажатие: {visit}",
        ),
        "Вы были у нас {taken_on}. Оцените приём: {visit}",
    ),
    MessageKind.TERM_NEAR: Words(
        "Обращение {case}: срок до {until}",
        ("По обращению {case} подходит срок: {clock}, до {until}.", "Открыть обращение: {desk_case}"),
        "Обращение {case}: {clock}, срок до {until}.",
    ),
    MessageKind.TERM_PASSED: Words(
        "Обращение {case}: срок прошёл {until}",
        ("По обращению {case} прошёл срок: {clock}, был до {until}.", "Открыть обращение: {desk_case}"),
        "Обращение {case}: срок прошёл {until} ({clock}).",
    ),
    MessageKind.OUTAGE_BEGUN: Words(
        "{failing}: лицевой счёт {number}",
        ("{failing}: лицевой счёт {number}, с {since}. Причина: {cause}.", "{back}", _REDUCED),
        "{failing}: счёт {number}, с {since}, {cause}. {back}",
    ),
    MessageKind.OUTAGE_TOLD: Words(
        "{failing}, новый срок: лицевой счёт {number}",
        ("{failing}: лицевой счёт {number}, с {since}. Причина: {cause}.", "{back}", _REDUCED),
        "{failing}: счёт {number}, {cause}. {back}",
    ),
    MessageKind.OUTAGE_OVER: Words(
        "Подача электроэнергии восстановлена: лицевой счёт {number}",
        (
            "По лицевому счёту {number} подача электроэнергии восстановлена: {over}.",
            "Если света по-прежнему нет, позвоните нам.",
            _REDUCED,
        ),
        "Счёт {number}: подача восстановлена {over}. Если света нет, позвоните нам.",
    ),
    MessageKind.OUTAGE_WITHDRAWN: Words(
        "Перерыва не было: лицевой счёт {number}",
        ("Мы сообщали о перерыве по лицевому счёту {number}. Это была ошибка, просим прощения.",),
        "Счёт {number}: мы ошиблись, перерыва в подаче не было. Просим прощения.",
    ),
    MessageKind.SMS_ANSWER: Words("Ответ на СМС", ("Ответ на ваше СМС.",), ""),
}


def letter(kind: str, *, facts: Mapping[str, Any], company: CompanyView) -> tuple[str, tuple[str, ...]]:
    """Return the subject and the paragraphs of a letter; raise KeyError when a fact is missing."""
    words = WORDS[MessageKind(kind)]
    filled = [paragraph.format_map(facts) for paragraph in words.paragraphs]
    paragraphs = [one for one in filled if one.strip()]
    # A line break in a fact must not end the header of a letter.
    subject = " ".join(words.subject.format_map(facts).split())
    return subject, (*paragraphs, *_signature(company))


def sms(kind: str, *, facts: Mapping[str, Any], company: CompanyView) -> str:
    """Return the text of an SMS; raise KeyError when a fact is missing."""
    text = WORDS[MessageKind(kind)].short.format_map(facts)
    return " ".join([text, *(part for part in (phone_of(company), _site(company)) if part)])


def about(kind: str) -> str:
    """Return what a message is about, as staff read it."""
    return _ABOUT[kind]


def why(error: str) -> str:
    """Return why a message did not reach its person; an answer without words of ours is shown by its code."""
    if error.startswith("bounce_"):
        return f"письмо вернулось ({error.removeprefix('bounce_')})"
    if error not in _WHY and (answer := re.fullmatch(r"smtp_([45])\d\d", error)):
        verdict = "пока не принимает" if answer[1] == "4" else "не принял"
        return f"почтовый сервер {verdict} письмо ({error.removeprefix('smtp_')})"
    return _WHY.get(error, f"отказ: {error}")


def _signature(company: CompanyView) -> tuple[str, ...]:
    lines = [
        f"Телефон: {phone_of(company)}" if phone_of(company) else "",
        f"Сайт: {_site(company)}" if _site(company) else "",
    ]
    signature = "\n".join(part for part in (company.short_name or company.name, *lines) if part)
    return (signature,) if signature else ()


def phone_of(company: CompanyView) -> str:
    """Return the company's line for citizens, "" where there is none."""
    return next((phone.number for phone in company.phones_for(Audience.INDIVIDUALS)), "")


def _site(company: CompanyView) -> str:
    return company.website.removeprefix("https://").removeprefix("http://").rstrip("/")
