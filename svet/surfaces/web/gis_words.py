"""The words of the exchange with the state portal ГИС ЖКХ: what is asked, where it stands, what went wrong."""

from __future__ import annotations

ERRORS: dict[str, str] = {
    "exchange_is_over": "Этот запрос уже завершён, повторить или закрыть его нельзя. Обновите страницу.",
    "exchange_was_repeated": "Этот запрос уже отправили заново.",
}

KINDS: dict[str, str] = {
    "export": "Получить обращения",
    "assign": "Назначить исполнителя",
    "answer": "Отправить ответ",
    "extend": "Продлить срок",
    "redirect": "Переадресовать",
    "not_required": "Ответ не требуется",
    "executed": "Отметить исполненным",
}

STATES: dict[str, tuple[str, str]] = {
    "new": ("", "ждёт отправки"),
    "taken": ("info", "выполняется"),
    "prepared": ("info", "файлы переданы"),
    "sending": ("info", "отправляется"),
    "waiting": ("info", "портал обрабатывает"),
    "postponed": ("warn", "повторим позже"),
    "done": ("good", "выполнен"),
    "refused": ("bad", "отказ"),
    "unclear": ("bad", "неясно"),
    "settled": ("", "закрыт"),
}
"""The colour and the words of each state."""

PROBLEMS: dict[str, str] = {
    "silent": "Портал не отвечает",
    "too_slow": "Портал отвечает слишком долго",
    "too_large": "Ответ портала слишком велик",
    "paper_failed": "Не получилось сделать письмо на бланке",
    "packed": "Портал прислал ответ сжатым, хотя его об этом не просили",
    "not_soap": "Ответ не по протоколу портала",
    "not_xml": "Ответ не по протоколу портала",
    "not_utf8": "Ответ в другой кодировке",
    "document_type": "Ответ с запрещённым определением типа документа",
    "no_acknowledgement": "В ответе нет квитанции",
    "anothers_acknowledgement": "Пришла квитанция на другое сообщение",
    "no_state": "В ответе нет состояния нашего сообщения",
    "no_result": "Портал так и не сообщил результат",
    "no_result_for_us": "В результате нет нашего действия",
    "no_upload_id": "Файловый сервис не назвал файл",
    "no_length": "Файловый сервис не назвал размер файла",
    "wrong_length": "Файл пришёл не целиком",
    "cannot_sign": "Программа подписи не сработала",
    "answer_too_long": "Текст длиннее 10 000 знаков: портал такой не примет",
    "comment_too_long": "Пояснение длиннее 1000 знаков: портал такое не примет",
    "empty": "Текст пуст",
    "unknown_kind": "Портал не знает такого действия",
    "too_many": "Слишком много обращений в одном запросе",
    "by_hand": "Повторили вручную",
    "FileNotFoundException": "Файла нет в файловом сервисе портала",
    "FileVirusInfectionException": "Портал нашёл в файле вирус",
    "FieldValidationException": "Файловый сервис не принял описание файла",
}

WHOLE_IN_FILE = "Полный текст — в приложенном файле «{name}». Здесь его нет: он длиннее, чем помещается на портале."
"""What the applicant reads on the portal in place of a text that is too long for it."""

STATUSES: dict[str, str] = {
    "Send": "отправлено нам",
    "InWork": "в работе",
    "Executed": "исполнено",
    "Withdrawn": "отозвано заявителем",
}

EVENTS: dict[str, str] = {
    "answer": "Ответ",
    "redirected": "Переадресовано",
    "rolled_over": "Срок продлён",
    "not_required": "Ответ не требуется",
    "assessed": "Оценка заявителя",
    "changed": "Изменено",
}

FOUND_BY: dict[str, str] = {"address": "по дому и квартире", "number": "по номеру в тексте и фамилии"}


def problem(code: str) -> str:
    """Return what went wrong in words; a code of the portal's own stays as it is."""
    if code.startswith("http_"):
        return f"Портал отвечает ошибкой {code.removeprefix('http_')}"
    return PROBLEMS.get(code, f"Код портала {code}" if code else "")


NOTES: dict[str, str] = {
    "done": "портал выполнил",
    "refused": "портал отказал",
    "unclear": "неизвестно, выполнил ли портал",
    "file_not_taken": "файл с портала не принят",
    "portal_answer": "на портале ответили без нас",
    "portal_redirected": "на портале переадресовали",
    "portal_not_required": "на портале отметили, что ответ не требуется",
}
"""What the events of a case tell of the portal."""


def note(what: str, *, action: str) -> str:
    """Return what an event tells, with the action it is about."""
    told = NOTES.get(what, what)
    return f"{told}: {KINDS[action].lower()}" if action in KINDS else told
