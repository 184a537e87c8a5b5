"""The words of offices, their hours and equipment (`messages` and `words` take them in)."""

from __future__ import annotations

ERRORS: dict[str, str] = {
    "no_such_office": "Такого офиса нет.",
    "no_such_exception": "Это исключение уже отменено.",
    "exception_without_reason": "Напишите причину: её увидят посетители.",
    "exception_ends_before_it_begins": "Последний день раньше первого.",
    "exception_is_too_long": "Исключение не может быть дольше {days} дней.",
    "exception_is_past": "Эти дни уже прошли.",
    "exception_has_wrong_hours": "Укажите начало приёма и конец позже него; если закрыто, оставьте оба поля пустыми.",
    "exception_overlaps": "На эти дни такое исключение уже есть. Сначала отмените его.",
    "channel_is_off": "Сейчас здесь это не работает. {redirect}",
    "channel_is_not_offered": "Такого способа нет.",
    "channel_needs_a_redirect": "Напишите, как людям быть вместо этого: это они прочтут везде.",
    "redirect_is_too_long": "Не длиннее {most} знаков: больше не поместится в ответ по СМС.",
    "turn_needs_a_reason": "Напишите причину: она останется в журнале.",
    "turn_is_past": "Это время уже прошло. Чтобы переключить сейчас, оставьте его пустым.",
    "turn_is_too_far": "Не позже чем через год.",
    "withdrawal_needs_a_reason": "Напишите, почему исключение отменяется.",
}

FEATURES: dict[str, str] = {
    "ramp": "пандус",
    "air_conditioning": "кондиционер",
    "ground_floor": "первый этаж",
    "stop_nearby": "остановка рядом",
    "parking": "парковка",
    "fire_safety": "пожарная безопасность",
}

KNOWN: dict[str, str] = {"yes": "есть", "no": "нет", "unknown": "уточняется"}

WHY: dict[str, str] = {
    "day_off": "выходной",
    "holiday": "праздник",
    "before_holiday": "предпраздничный день, на час короче",
    "worked_weekend": "рабочий день по производственному календарю",
    "exception": "изменение",
    "not_served": "не принимают",
    "timetable": "по расписанию",
}

AUDIENCES: dict[str, str] = {"individuals": "Граждане", "legal_entities": "Юридические лица"}
WEEKDAYS = ("понедельник", "вторник", "среду", "четверг", "пятницу", "субботу", "воскресенье")
