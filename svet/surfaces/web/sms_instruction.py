"""The words of the instruction for readings by SMS, for the site and the leaflet. Examples are the rules' own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from svet.domains.metering.rules.texting.forms import FORMS
from svet.domains.notifications.rules import ANSWER_LASTS
from svet.kernel.energy import BANDS, Zoning
from svet.surfaces.web import words

TITLE = "Показания по СМС"
LEAD = "Пришлите СМС с номером лицевого счёта и показаниями счётчика. Мы ответим на каждое сообщение."
KNOWN = ", телефон у нас записан"


@dataclass(frozen=True, slots=True)
class Example:
    """What to write, for which meter, and what we shall understand."""

    text: str
    meter: str
    understood: str


STEPS: tuple[str, ...] = (
    "Спишите показания со счётчика. Цифры после запятой не нужны.",
    "Напишите СМС: номер лицевого счёта (10 цифр из квитанции) и показания. Если зон несколько, назовите каждую.",
    "Отправьте СМС и дождитесь ответа. В ответе будет то, что мы поняли.",
)
RULES: tuple[str, ...] = (
    "Порядок слов, заглавные буквы и знаки между числами не важны.",
    "Номер счёта можно не писать, если ваш телефон записан у нас и счёт один.",
    "Если счётчиков несколько, напишите номер счётчика или его последние цифры. Один счётчик в одном СМС.",
    f"Если показания непохожи на обычные, мы переспросим. Ответьте «ДА» в течение {ANSWER_LASTS // timedelta(hours=1)} "
    "часов, иначе показания не запишем.",
    "Показания, присланные до 25-го числа, войдут в счёт за этот месяц.",
    "Слово «ПОМОЩЬ» вернёт короткую подсказку, слово «СТОП» отключит напоминания и новости по СМС.",
    "С вопросом или жалобой позвоните нам или напишите: СМС читает программа.",
)


def examples() -> list[Example]:
    """Return the examples in the order of the leaflet."""
    return [
        Example(
            text=form.text,
            meter=f"{words.of(form.zoning.value).capitalize()}{KNOWN if form.needs_known_phone else ''}",
            understood=_understood(form.zoning, form.values),
        )
        for form in FORMS
    ]


def _understood(zoning: Zoning, values: Mapping[str, str]) -> str:
    bands = BANDS[zoning]
    if len(bands) == 1:
        return values["1"]
    return ", ".join(f"{words.of(band)} {values[str(place)]}" for place, band in enumerate(bands, 1))
