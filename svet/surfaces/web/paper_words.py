"""What printing says when it cannot be done."""

from __future__ import annotations

ERRORS: dict[str, str] = {
    "no_such_form": "Такого бланка нет.",
    "payment_code_refused": "Код для оплаты не составить: проверьте реквизиты компании, поле «{field}».",
    "barcode_refused": "Штрихкод не составить: не подходит «{field}».",
    "print_refused": "Напечатать счета не удалось.",
    "no_bills_to_print": "За {month} ещё не выставлен ни один счёт.",
    "bills_are_still_issued": "Счета за {month} ещё выставляются (расчёт № {run}). Дождитесь конца и повторите.",
    "printed_file_is_gone": "Готовый файл {file} исчез или изменён. Запустите печать ещё раз.",
    "control_sheet_disagrees": "Контрольный лист не сошёлся: в файлах счетов {printed}, выставлено {issued}.",
}
