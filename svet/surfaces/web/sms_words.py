"""The words of answers to SMS, by what became of each; and what staff read about it. Never longer than two parts.

Two parts of an SMS in Cyrillic hold 134 characters. The company's phone is added where it fits (clause R2).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from svet.surfaces.web import words
from svet.surfaces.web.templatetags.svet import moment, short_day

TWO_PARTS = 134
MOST_SHOWN = 9
EXAMPLE = "ЛС 1234567890 показания 4512"

ANSWERS: dict[str, str] = {
    # taken
    "accepted": "Приняли: счёт …{tail}, {values} на {taken_on}. Спасибо!",
    "held": "Записали: счёт …{tail}, {values} на {taken_on}. Проверит сотрудник.",
    # asked, to be confirmed
    "odd": "Счёт …{tail}: {values}. Проверьте по счётчику. Если верно, ответьте ДА до {until}.",
    "guess": "Счёт …{tail}: {values}. Мы правильно поняли? Если да, ответьте ДА до {until}.",
    "foreign": "Счёт …{tail}: {values}. Это не ваш счёт. Если верно, ответьте ДА до {until}.",
    "not_confirmed": "Не записали. Пришлите верные показания ещё одним СМС.",
    "too_late": "Время для ответа прошло, показания не записали. Пришлите их ещё раз.",
    "nothing_asked": "Мы ничего не спрашивали. Чтобы передать показания, пришлите: " + EXAMPLE,
    # asked to send again
    "nothing_found": "Не нашли показаний. Пришлите цифрами, например: " + EXAMPLE,
    "not_plain": "Не поняли. Пришлите только счёт и показания: " + EXAMPLE + ". С вопросом лучше позвонить.",
    "too_long": "Слишком длинно. Пришлите только счёт и показания: " + EXAMPLE,
    "part_missing": "Дошла только часть сообщения. Пришлите ещё раз, короче: " + EXAMPLE,
    "which_account": "Напишите лицевой счёт (10 цифр из квитанции) и показания: " + EXAMPLE,
    "account_unknown": "Не нашли такого лицевого счёта. Проверьте 10 цифр по квитанции и пришлите ещё раз.",
    "several_accounts": "Здесь несколько лицевых счетов. Пришлите показания каждого отдельным СМС.",
    "no_meter": "Счёт …{tail}: не нашли счётчика, показания не записали. Позвоните нам.",
    "which_meter": "Счёт …{tail}: напишите и номер счётчика, один счётчик в одном СМС: ПУ 12345678 показания 4512",
    "meter_unknown": "Счёт …{tail}: не нашли счётчика с таким номером. Проверьте номер на корпусе.",
    "registers_missing": "Счёт …{tail}: нужны показания всех зон{bands} одним СМС.",
    "too_many_numbers": "Счёт …{tail}: не поняли, какое число к чему. Пришлите только показания{bands}.",
    "zones_differ": "Счёт …{tail}: зоны не те, что у счётчика. Пришлите показания{bands}.",
    "number_unclear": "Счёт …{tail}: не поняли число. Пришлите целые киловатт-часы без пробелов и точек.",
    "date_unclear": "Счёт …{tail}: не поняли, за какой день. Пришлите сегодняшние показания без даты.",
    "reading_refused": "Счёт …{tail}: {values} не приняли{why}. Проверьте и пришлите ещё раз.",
    "channel_is_off": "Показания по СМС не принимаем. {redirect}",
    # commands
    "help": "Пришлите счёт и показания: " + EXAMPLE + ". Две зоны: день 123 ночь 45.",
    "stopped": "Новостей и напоминаний по СМС не будет. На ваши показания отвечать будем.",
}
_WHY = {"R03": ": на счётчике меньше цифр", "R07": ": этот день не наступил", "R10": ": счётчика тогда не было"}

OUTCOMES: dict[str, str] = {
    "accepted": "показания приняты",
    "held": "подтверждены, на проверке",
    "odd": "непохоже на обычный расход",
    "guess": "записано необычно",
    "foreign": "счёт не привязан к телефону",
    "not_confirmed": "клиент ответил «нет»",
    "too_late": "ответ пришёл поздно",
    "replaced": "пришли другие показания",
    "nothing_asked": "ответ без вопроса",
    "nothing_found": "нет показаний",
    "not_plain": "не только показания",
    "too_long": "слишком длинно",
    "part_missing": "дошло не целиком",
    "which_account": "не указан счёт",
    "account_unknown": "нет такого счёта",
    "several_accounts": "несколько счетов",
    "no_meter": "на счёте нет счётчика",
    "which_meter": "не указан счётчик",
    "meter_unknown": "нет такого счётчика",
    "registers_missing": "не все зоны",
    "too_many_numbers": "лишние числа",
    "zones_differ": "не те зоны",
    "number_unclear": "неясное число",
    "date_unclear": "неясный день",
    "reading_refused": "не прошли проверку",
    "channel_is_off": "приём по СМС отключён",
    "help": "просьба о помощи",
    "stopped": "отказ от СМС",
    "short_number": "короткий номер или имя",
    "same_again": "одно и то же подряд",
    "too_many": "слишком много СМС",
    "": "ещё не прочитано",
}
STATES: dict[str, tuple[str, str]] = {
    "new": ("ждёт чтения", "info"),
    "taken": ("принято", "good"),
    "asked": ("ждём ответа", "warn"),
    "refused": ("просили прислать заново", "warn"),
    "served": ("ответили", "info"),
    "dropped": ("не подтверждено", "info"),
    "silent": ("без ответа", "info"),
}


def answer(facts: Mapping[str, Any], *, phone: str) -> str:
    """Return the text of an answer; raise KeyError when a fact is missing."""
    shown = {
        "tail": facts.get("tail", ""),
        "values": values(facts),
        "taken_on": short_day(facts.get("read_on")),
        "until": moment(datetime.fromisoformat(facts["answer_until"])) if "answer_until" in facts else "",
        "bands": _bands(facts),
        "redirect": facts.get("redirect", ""),
        "why": _WHY.get(facts.get("why", ""), ""),
    }
    code = str(facts["answer"])
    text = ANSWERS[code].replace("Счёт …{tail}: ", "" if not shown["tail"] else "Счёт …{tail}: ").format_map(shown)
    text = text[0].upper() + text[1:]
    longer = f"{text}{'.' if text[-1].isdecimal() else ''} {phone}" if phone else text
    return longer if len(longer) <= TWO_PARTS else text


def values(facts: Mapping[str, Any]) -> str:
    """Return the values that were understood, named by their zones where there are several."""
    given: Mapping[str, str] = facts.get("values", {})
    bands = facts.get("bands", [])
    if len(bands) < 2:
        return ", ".join(_short(value) for value in given.values())
    return ", ".join(
        f"{words.of(band)} {_short(given[str(place)])}" for place, band in enumerate(bands, 1) if str(place) in given
    )


def outcome(code: str) -> str:
    """Return what became of an SMS, as staff read it."""
    return OUTCOMES.get(code, code)


def _bands(facts: Mapping[str, Any]) -> str:
    bands = facts.get("bands", [])
    return ": " + ", ".join(words.of(band) for band in bands) if len(bands) > 1 else ""


def _short(value: str) -> str:
    return value if len(value) <= MOST_SHOWN else f"{value[:MOST_SHOWN]}…"
