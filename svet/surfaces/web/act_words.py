"""The words of acts about meters."""

from __future__ import annotations

KINDS: dict[str, str] = {
    "installation": "Установка счётчика",
    "removal": "Снятие счётчика",
    "replacement": "Замена счётчика",
    "verification": "Поверка счётчика",
    "sealing": "Опломбировка счётчика",
}

ERRORS: dict[str, str] = {
    "act_is_refused": "Акт не принят: проверьте его.",
    "act_number_is_needed": "Напишите номер акта.",
    "act_signature_is_needed": "Напишите, кто подписал акт.",
    "too_many_scans": "К акту прикладывают до {most} файлов.",
    "act_day_is_to_come": "{on} ещё не наступило: акт записывают в этот день или позже.",
    "act_is_too_old": "{on} было больше {days} дней назад: тех счетов уже не исправить. Передайте акт старшему.",
    "serial_is_no_serial": "Номер счётчика — буквы, цифры, пробел, дефис, точка или косая черта, до 50 знаков.",
    "digits_are_wrong": "У счётчика от 3 до 9 знаков до запятой и до 3 после.",
    "multiplier_is_wrong": "Коэффициент трансформации — число больше нуля, например 1 или 40.",
    "verification_expired_before_installation": "Срок поверки вышел {due_on}, до установки. Такой счётчик не ставят.",
    "verified_after_installation": "Поверка {verified_on} — позже установки. Проверьте дни.",
    "installed_before_removal": "Новый счётчик поставили {installed_on}, а старый сняли {removed_on}. Проверьте дни.",
    "removed_before_installed": "Счётчик № {serial} поставили {installed_on}: снять его можно только позже этого дня.",
    "replaced_by_itself": "Счётчик № {serial} снят и поставлен в один день. Если его поверили, запишите поверку.",
    "readings_after_removal": "По счётчику № {serial} есть показание от {last_on}, позже снятия {removed_on}. Проверьте"
    " день снятия; если показание ошибочно, сначала исправьте его.",
    "values_are_needed_in_charged_month": "За {month} уже начислено. Чтобы исправить это, нужно последнее показание"
    " счётчика № {serial}; если его не снять, запишите снятие с 1-го числа следующего месяца.",
    "meter_is_not_there": "Счётчик № {serial} в этот день здесь не стоит. Откройте карточку заново: возможно, его уже"
    " заменили.",
    "no_agreement_on_act_day": "{on} по этому счёту электричество сюда не поставляли. Проверьте день.",
    "charged_without_meter": "За {month} уже начислено без счётчика, с {on} исправить нельзя. Поставьте счётчик с 1-го"
    " числа следующего месяца, а за прошедшее сделайте перерасчёт.",
    "meter_hangs_elsewhere": "Счётчик № {serial} стоит по другому адресу. Проверьте номер и модель.",
    "meter_is_known_otherwise": "Счётчик № {serial} этой модели у нас записан с другими зонами, знаками или"
    " коэффициентом. Проверьте паспорт.",
    "initial_values_are_needed": "Введите показания нового счётчика № {serial} в день установки.",
    "act_value_refused": "Показание счётчика № {serial} не принято. Исправьте его.",
    "act_value_is_odd": "Показание счётчика № {serial} выглядит странно. Проверьте и подтвердите.",
    "seals_are_needed": "Напишите номера пломб.",
    "seal_without_number": "У пломбы нет номера: «{line}». Пишите номер, затем через запятую место.",
    "act_is_undone": "Акт № {number} уже отменён.",
    "act_is_charged": "По этому акту уже начислено за {month}: отменить нельзя, запишите новый акт.",
    "readings_after_act": "После акта переданы показания нового счётчика ({last_on}): отменить акт нельзя.",
    "later_act_relies_on_it": "После акта № {number} с этими счётчиками был другой акт: сначала отмените его.",
    "verification_changed_meanwhile": "Срок поверки счётчика № {serial} с тех пор изменили: отменять нечего.",
}

JOURNAL: dict[str, str] = {
    "metering.meter_installed": "Поставлен счётчик",
    "metering.meter_removed": "Снят счётчик",
    "metering.meter_replaced": "Заменён счётчик",
    "metering.meter_verified": "Записана поверка",
    "metering.meter_sealed": "Записаны пломбы",
    "metering.meter_act_undone": "Отменён акт",
}
JOURNAL_FACTS: dict[str, str] = {
    "act": "акт",
    "meter": "счётчик",
    "removed_on": "снят",
    "installed_on": "поставлен",
    "seals": "пломбы",
}
