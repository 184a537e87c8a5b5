"""The words of payments: errors and findings by code (`messages` takes them in), registries, comments for terminals."""

from __future__ import annotations

ERRORS: dict[str, str] = {
    "payment_not_found": "Такого платежа нет.",
    "payment_source_not_found": "Канала приёма платежей «{source}» нет.",
    "payment_register_not_found": "Такого реестра нет.",
    "register_format_not_found": "Реестры в формате «{format}» программа не читает.",
    "payment_differs": "Платёж с этим номером уже принят иначе: сумма {amount} ₽ или другой счёт. Не зачислено.",
    "payment_in_progress": "Этот платёж сейчас зачисляется. Повторите через минуту.",
    "payment_is_malformed": "В данных платежа ошибка: проверьте номер операции и номер счёта.",
    "payment_has_an_account": "Платёж уже зачислен на счёт. Чтобы перенести его, выберите «Перенести на другой счёт».",
    "payment_is_unidentified": "Платёж ещё никому не зачислен: сначала зачислите его на счёт.",
    "payment_is_elsewhere": "Пока вы решали, этот платёж перенесли на другой счёт. Ничего не изменено.",
    "payment_is_reversed": "Платёж отменён, переносить его нельзя.",
    "payment_is_refunded": "Деньги по этому платежу уже возвращены, переносить его нельзя.",
    "amount_is_wrong": "Сумма указана неверно: {amount}. Нужны рубли и копейки, больше нуля.",
    "reason_is_missing": "Напишите, почему вы это делаете.",
    "account_not_found": "Лицевого счёта {number} нет.",
    "refund_exceeds_credit": "Вернуть можно не больше переплаты: сейчас она {credit} ₽.",
    "refund_differs": "По этой заявке уже вернули {amount} ₽.",
    "network_is_wrong": "«{network}» — не адрес и не подсеть.",
    "limits_are_wrong": "Наименьшая сумма должна быть больше нуля и не больше наибольшей, наибольшая — до миллиарда.",
}

FINDINGS: dict[str, str] = {
    "P01": "Файл не в той кодировке: похоже на {found}, нужна {expected}. Попросите банк выгрузить файл заново.",
    "P02": "В конце файла нет итоговой строки: файл обрезан. Прочитано строк: {lines}.",
    "P03": "Число платежей не сходится: в итоговой строке {said}, в файле {found}.",
    "P04": "{which} не сходится: в итоговой строке {said} ₽, по строкам {found} ₽.",
    "P05": "Строка {line} не читается ({field}): {raw}",
    "P06": "Строка {line}: операция {operation} уже есть в этом файле, в строке {first_line}.",
    "P07": "Строка {line}: после итоговой строки есть ещё текст: {raw}",
    "P08": "Архив не читается ({why}). Нужен обычный zip без пароля с одним файлом.",
    "P09": "Файл слишком большой для реестра.",
    "P10": "Строка {line}: операция {operation} зачислена раньше, второй раз не зачислена.",
    "P11": "Строка {line}: операция {operation} уже зачислена иначе: {amount} ₽ на счёт {account}.",
    "P12": "Строка {line}: счёта {account} нет, {amount} ₽ — в невыясненные платежи.",
    "P13": "Строка {line}: дата платежа {paid_on} невозможна: она в будущем или старше трёх лет.",
    "P14": "Файл XML не принят ({why}).",
    "P15": "Строка {line}: сумма без комиссии не равна перечисленной сумме.",
    "P16": "Строка {line}: {fields} полей, а в реестре бывает 12 или 15. {raw}",
}

IN_A_LINE: dict[str, str] = {
    # The same findings where the number and the text of the line stand beside them.
    "P05": "Не читается: {field}",
    "P06": "Операция {operation} уже есть в этом файле, в строке {first_line}",
    "P07": "Лишняя: стоит после итоговой строки",
    "P10": "Операция {operation} зачислена раньше, второй раз не зачислена",
    "P11": "Операция {operation} уже зачислена иначе: {amount} ₽ на счёт {account}",
    "P12": "Счёта {account} нет, {amount} ₽ — в невыясненные платежи",
    "P13": "Дата платежа {paid_on} невозможна: она в будущем или старше трёх лет",
    "P15": "Сумма без комиссии не равна перечисленной сумме",
    "P16": "{fields} полей, а в реестре бывает 12 или 15",
}

REGISTER_FORMATS: dict[str, str] = {"sberbank": "Сбербанк, 12 или 15 полей"}

REGISTER_FORMS: dict[str, str] = {"sberbank-12": "Сбербанк, 12 полей", "sberbank-15": "Сбербанк, 15 полей"}

_OFFICE = "Это файл Excel или Word, а нужен реестр: текстовый файл или zip из банка."
_NOT_A_REGISTER: dict[bytes, str] = {
    # How files of other kinds begin.
    b"%PDF": "Это документ PDF, а нужен реестр: текстовый файл или zip из банка.",
    b"\xd0\xcf\x11\xe0": _OFFICE,
    b"\x89PNG": "Это картинка, а нужен реестр: текстовый файл или zip из банка.",
    b"\xff\xd8\xff": "Это фотография, а нужен реестр: текстовый файл или zip из банка.",
    b"Rar!": "Это архив rar, а нужен обычный zip или сам файл реестра.",
    b"7z\xbc\xaf": "Это архив 7z, а нужен обычный zip или сам файл реестра.",
}

FACTS: dict[str, str] = {
    "amount": "сумма платежей",
    "transfer": "сумма к перечислению",
    "fee": "сумма комиссии",
    "fields": "число полей",
    "date": "дата",
    "time": "время",
    "operation": "код операции",
    "account": "лицевой счёт",
    "characters": "недопустимые знаки",
    "totals": "итоговая строка",
    "files": "в архиве не один файл",
    "password": "архив с паролем",
    "broken": "файл испорчен",
    "entities": "в нём объявлены сущности или DTD",
    "unknown": "другую кодировку",
}

TERMINAL_COMMENTS: dict[str, str] = {
    "accepted": "Платёж принят",
    "account_found": "Счёт найден",
    "unknown_account": "Лицевой счёт не найден",
    "bad_account": "Лицевой счёт — это десять цифр",
    "inactive_account": "Счёт закрыт, долга по нему нет",
    "source_closed": "Приём платежей через этого агента остановлен",
    "not_a_terminal": "Этот адрес не для терминалов",
    "too_small": "Сумма слишком мала",
    "too_large": "Сумма слишком велика",
    "payment_differs": "Операция с этим номером уже принята с другой суммой или счётом",
    "not_finished": "Платёж ещё не завершён, повторите запрос",
    "failed": "Временная ошибка, повторите запрос",
    "cannot_cancel": "Отменить платёж нельзя, обратитесь к нам",
    "impossible_date": "Дата операции в будущем или старше трёх лет",
    "bad_command": "Команда не известна: check или pay",
    "bad_txn_id": "txn_id — от 1 до 20 цифр",
    "bad_sum": "sum — рубли с точкой и не больше двух знаков после неё",
    "bad_txn_date": "txn_date — ГГГГММДДЧЧММСС",
    "parameter_twice": "Параметр передан дважды",
    "too_many_parameters": "Слишком много параметров",
    "too_long": "Запрос слишком длинный",
    "not_get": "Запрос передают методом GET",
    "other": "Запрос не принят",
}


def not_a_register(raw: bytes) -> str:
    """Return what to say when `raw` is plainly a file of another kind, an empty text when it may be a registry."""
    if raw.startswith(b"PK") and b"[Content_Types].xml" in raw:
        return _OFFICE
    return next((text for beginning, text in _NOT_A_REGISTER.items() if raw.startswith(beginning)), "")
