"""The words of outages and of what may be the matter with a meter."""

from __future__ import annotations

KINDS: dict[str, str] = {"outage": "Света не было", "voltage": "Напряжение не по стандарту"}
NOW: dict[str, str] = {"outage": "Нет света", "voltage": "Напряжение не по стандарту"}
CAUSES: dict[str, str] = {
    "accident": "авария на сети",
    "works": "работы на сети",
    "unknown": "причину выясняем",
}
STEPS: dict[str, str] = {"told": "Сообщено", "ended": "Закончилось", "withdrawn": "Отменено: перерыва не было"}
CONDITIONS: dict[str, str] = {
    "failed": "Счётчик неисправен",
    "access_refused": "К счётчику не пустили (акт об отказе)",
    "meter_feasible": "Счётчика нет, хотя поставить его можно и нужно",
}
REFUSED: dict[str, str] = {
    "no_reason": "Напишите основание.",
    "no_time": "Конец должен быть позже начала.",
    "not_over": "Перерыв ещё не закончился: выберите «Ещё идёт» или укажите время, которое уже наступило.",
    "not_begun": "Перерыв ещё не начался.",
    "expected_past": "Это время уже прошло. Укажите новое или оставьте пустым, если срок не известен.",
    "sources": "Источников бывает один или два.",
    "all_there": "Все эти адреса уже записаны в этот перерыв.",
    "nowhere": "Здесь никого не нашлось. Проверьте адрес или номера.",
    "too_many": "Нашлось больше {most} точек поставки. Уточните адрес или разделите список.",
    "unknown_numbers": "В эти дни по таким номерам никому не поставляли: {numbers}.",
    "overlaps": "На это время уже записан другой перерыв или он ещё идёт (точек: {count}). Проверьте журнал перерывов.",
}
CONDITION_REFUSED: dict[str, str] = {
    "no_reason": "Напишите основание.",
    "future": "Этот день ещё не наступил.",
    "meter_needed": "Выберите, какой счётчик неисправен.",
    "no_meter": "Это записывают об адресе, а не о счётчике.",
    "before_its_begin": "Раньше дня, с которого это записано.",
}
ERRORS: dict[str, str] = {
    "interruption_overlaps": "На это время уже записан другой перерыв. Проверьте журнал перерывов.",
    "interruption_undone": "Этот перерыв уже отменён.",
    "event_undone": "Этот перерыв уже отменён.",
    "ongoing_is_over": "Этот перерыв уже закончился или отменён. Обновите страницу.",
    "condition_holds": "Это уже записано. Обновите страницу.",
    "condition_is_lifted": "Это уже снято. Обновите страницу.",
    "interruption_refused": "Перерыв не записан: проверьте дни и основание.",
    "condition_refused": "Не записано: проверьте день и основание.",
}
JOURNAL: dict[str, str] = {
    "desk.interruption_recorded": "Записан перерыв в подаче",
    "desk.interruption_undone": "Перерыв в подаче отменён",
    "desk.ongoing_begun": "Начался перерыв в подаче",
    "desk.ongoing_ended": "Перерыв в подаче закончился",
    "desk.ongoing_withdrawn": "Перерыв в подаче отменён: его не было",
    "metering.record_condition_undone": "Состояние счётчика отменено: его не было",
}
JOURNAL_FACTS: dict[str, str] = {"from_at": "с", "until_at": "до", "lifted_on": "снято с", "act": "акт"}
