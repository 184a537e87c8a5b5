"""The kind `readings` of files: what a meter reader, a grid company or another program hands over."""

from __future__ import annotations

from svet.domains.metering.rules import Channel
from svet.flows.readings_file import load_readings
from svet.flows.region_files.columns import Choice, Code, Day, Text
from svet.flows.region_files.kinds import ACCOUNT_NUMBER, Kind, register

CHANNEL_WORDS = {
    Channel.DESK.value: ("офис",),
    Channel.PHONE.value: ("телефон",),
    Channel.SMS.value: ("смс",),
    Channel.IVR.value: ("автоответчик",),
    Channel.CABINET.value: ("личный кабинет",),
    Channel.WEBSITE.value: ("сайт",),
    Channel.TERMINAL.value: ("терминал",),
    Channel.BANK.value: ("банк",),
    Channel.API.value: (),
    Channel.METER_READER.value: ("контролер", "обход"),
    Channel.SMART_METER.value: ("умный счетчик", "аскуэ"),
    Channel.GRID.value: ("сетевая организация", "сети"),
    Channel.IMPORT.value: ("перенос",),
}

READINGS = register(
    Kind(
        "readings",
        "Показания",
        "readings with the checks of single ones: each row gets a receipt, whatever the verdict; known by"
        " `account_number`, `channel` and `source_id`",
        (
            ACCOUNT_NUMBER,
            Code(
                "meter_serial", "Номер счётчика", "may be empty where one meter hangs", ("заводской номер",), longest=50
            ),
            Day("taken_on", "Снято", "the day on the dial", ("дата", "дата снятия"), required=True, needed=True),
            Text("t1", "Т1", "value of the first register", ("показание", "показание т1"), required=True, longest=40),
            Text("t2", "Т2", "value of the second register", ("показание т2",), longest=40),
            Text("t3", "Т3", "value of the third register", ("показание т3",), longest=40),
            Choice(
                "channel",
                "Канал",
                "by which way it came",
                ("способ передачи",),
                default=Channel.METER_READER.value,
                words=CHANNEL_WORDS,
            ),
            Text("source_id", "Код записи", "the sender's own id; empty: made of the row", ("id",), longest=120),
        ),
        load_readings,
    )
)
