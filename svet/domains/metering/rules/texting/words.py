"""What words in messages mean: zones, accounts, meters, money, places. The leaflet is printed from the same table.

Words are compared after `letters.plain`; a Latin word is also tried as the Cyrillic word that it looks like.
"""

from __future__ import annotations

import re
from enum import StrEnum

from svet.domains.metering.rules.texting.letters import spelled
from svet.kernel.energy import TimeBand


class Means(StrEnum):
    """What a word does to the numbers around it."""

    ZONE = "zone"
    ACCOUNT = "account"
    METER = "meter"
    SERIAL = "serial"
    READING = "reading"
    HOME = "home"
    MONEY = "money"
    DOUBT = "doubt"
    MONTH = "month"
    YEAR = "year"
    NOTHING = "nothing"


class Command(StrEnum):
    """A message that is one word to the system itself."""

    YES = "yes"
    NO = "no"
    STOP = "stop"
    HELP = "help"


COMMANDS: dict[Command, frozenset[str]] = {
    command: frozenset(words.split())
    for command, words in {
        Command.YES: "да yes ок ok окей верно правильно подтверждаю подтвердить ага угу da конечно точно",
        Command.NO: "нет no net отмена отменить неверно неправильно ошибка",
        Command.STOP: "стоп stop отписка отписаться отпишите отпишись unsubscribe",
        Command.HELP: "помощь help справка инфо info помогите инструкция формат",
    }.items()
}
ZONES: dict[TimeBand, str] = {
    TimeBand.DAY: r"д|дн|ден|день|днем|дня|днев\w*|day|den",
    TimeBand.NIGHT: r"н|нч|ноч|ночь|ночи|ночью|ночн\w*|night|noch|noc",
    TimeBand.HALF_PEAK: r"пп|п/п|полупик\w*|полу|halfpeak|polupik",
    TimeBand.PEAK: r"п|пик|пика|пиков\w*|peak|pik",
    TimeBand.ALL_DAY: r"сут|сутки|суточн\w*|однотариф\w*|общ|общее|общий|итого|всего",
}
_MEANINGS: tuple[tuple[Means, str], ...] = (
    (
        Means.DOUBT,
        r"не|нет|было|был|стало|стал|вместо|или|либо|ошиб\w*|опечат\w*|неверн\w*|неправ\w*|исправ\w*|примерн\w*|около"
        r"|приблиз\w*|прошл\w*|предыд\w*|прежн\w*|стар\w*|разниц\w*|расход\w*|почему|зачем|когда|сколько|как|что|где"
        r"|какой|какие|сломал\w*|сгорел\w*|гудит|искрит|отключ\w*|авар\w*|жалоб\w*|претенз\w*|замен\w*|поверк\w*"
        r"|верните|пересчит\w*|перерасч\w*|плюс|минус|тысяч\w*|тыс|сотен|воды|вода|хвс|гвс|газ|газа|газу|хол|гор"
        r"|холодн\w*|горяч\w*|отоплен\w*|куб\w*|нельзя|договор\w*|справк\w*|позвон\w*|хочу|нужн\w*|кто|код\w*|пин|pin|code|пароль|скидк\w*|http\w*|www|завтра|вчера|позавчера|снят\w*|убер\w*",
    ),
    (Means.MONEY, r"руб\w*|р|коп\w*|rub|оплат\w*|плат\w*|заплат\w*|долг\w*|сумм\w*|задолж\w*|пени|пеня|перевел\w*|чек"),
    (Means.ACCOUNT, r"лс|лсч|лиц|лицев\w*|сч|счет|счета|счету|абонент\w*|аб|ls|lsch|licevoy|licevoi|schet|account|acc"),
    (Means.SERIAL, r"сн|зав|заводск\w*|серийн\w*|сер|serial|sn|zav"),
    (Means.METER, r"счетчик\w*|счетч|сч-к|пу|ипу|прибор\w*|меркури\w*|нева|энергомер\w*|цэ|schetchik|meter|pu"),
    (
        Means.READING,
        r"показан\w*|показ|показатель|показатели|пок|пок-я|pokazan\w*|pok|квт|квтч|квтчас|kwh|kvt|свет|электр\w*|ээ|эл|эл-во",
    ),
    (
        Means.HOME,
        r"кв|квартира|квартиры|дом|ул|улица|пр|просп|проспект|пер|переулок|корп|корпус|подъезд|этаж|kv|dom|ul",
    ),
    (Means.YEAR, r"г|год|года|году|месяц|мес|число|числа"),
)
_TABLE = tuple((meaning, re.compile(pattern)) for meaning, pattern in _MEANINGS)
_ZONES = tuple((band, re.compile(pattern)) for band, pattern in ZONES.items())
_MONTHS = tuple(
    re.compile(pattern)
    for pattern in (
        r"янв\w*", r"фев\w*", r"март\w*|мар", r"апр\w*", r"ма[йяе]", r"июн\w*",
        r"июл\w*", r"авг\w*", r"сент?\w*", r"окт\w*", r"ноябр\w*|нояб|ноя", r"дек\w*",
    )
)  # fmt: skip


def zone_of(word: str) -> TimeBand | None:
    """Return the zone of the day that a word names.

    >>> zone_of("ночь"), zone_of("noch"), zone_of("счетчик")
    (<TimeBand.NIGHT: 'night'>, <TimeBand.NIGHT: 'night'>, None)
    """
    return next((band for one in _forms(word) for band, pattern in _ZONES if pattern.fullmatch(one)), None)


def month_of(word: str) -> int | None:
    """Return the number of the month that a word names."""
    return next((at for at, pattern in enumerate(_MONTHS, 1) if pattern.fullmatch(word)), None)


def meaning_of(word: str) -> Means:
    """Return what a word means; `Means.NOTHING` for a word of no weight."""
    if zone_of(word) is not None:
        return Means.ZONE
    if month_of(word) is not None:
        return Means.MONTH
    found = (meaning for one in _forms(word) for meaning, pattern in _TABLE if pattern.fullmatch(one))
    return next(found, Means.NOTHING)


def command_of(words: list[str]) -> Command | None:
    """Return the command that a message of these words gives: each word of it says the same.

    >>> command_of(["да", "верно"]), command_of(["да", "нет"]), command_of([])
    (<Command.YES: 'yes'>, None, None)
    """
    idle = {"спасибо", "пожалуйста", "все", "я", "это", "смс", "от", "рассылки"}
    said = [one for one in words if one not in idle]
    for command, known in COMMANDS.items():
        if said and all(known & set(_forms(one)) for one in said):
            return command
    return None


def _forms(word: str) -> tuple[str, ...]:
    return (word, spelled(word)) if word.isascii() else (word,)
