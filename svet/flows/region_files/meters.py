"""The file of meters and their stays at supply points. Columns only."""

from __future__ import annotations

from svet.domains.metering.actions.loading import load_meters
from svet.domains.metering.queries.meters import export_meters
from svet.domains.metering.rules.meter_files import METER_DEFAULTS
from svet.flows.region_files.columns import Choice, Code, Day, Number, Text, Whole
from svet.flows.region_files.kinds import Kind, register
from svet.kernel.energy import Zoning


def _value(name: str, title: str) -> Number:
    return Number(name, title, "kWh on the dial; empty says nothing")


register(
    Kind(
        "meters",
        "Счётчики",
        "meters and their stays at supply points with opening and closing values; known by `serial`, `model` and"
        " `installed_on`",
        (
            Code(
                "serial",
                "Заводской номер",
                "serial number",
                ("номер счётчика", "номер прибора"),
                required=True,
                needed=True,
                longest=50,
            ),
            Text("model", "Модель", "type of the meter", ("тип счётчика", "марка"), longest=80),
            Choice(
                "zoning",
                "Тарифность",
                "how many registers",
                ("число тарифов", "тарифов"),
                required=True,
                needed=True,
                words={
                    Zoning.ONE.value: ("однотарифный",),
                    Zoning.TWO.value: ("двухтарифный",),
                    Zoning.THREE.value: ("трехтарифный",),
                },
            ),
            Whole(
                "digits",
                "Разрядность",
                "whole digits of the dial",
                ("разрядов", "знаков"),
                default=METER_DEFAULTS["digits"],
                least=3,
                most=9,
            ),
            Whole("fraction_digits", "Знаков после запятой", "digits after the comma", default=0, most=3),
            Number(
                "multiplier",
                "Коэффициент трансформации",
                "by which values are multiplied",
                ("коэффициент",),
                default=METER_DEFAULTS["multiplier"],
                precision=10,
                scale=4,
                above_zero=True,
            ),
            Day("made_on", "Изготовлен", "the day it was made", ("дата изготовления",)),
            Day("verified_on", "Поверен", "the day it was verified", ("дата поверки",)),
            Day("verification_due_on", "Следующая поверка", "when the verification ends", ("дата следующей поверки",)),
            Code("supply_point_code", "Код точки поставки", "where it hangs; empty: in store", ("точка поставки",)),
            Day("installed_on", "Установлен", "the first day there", ("дата установки",)),
            Day("removed_on", "Снят", "the day it was taken down", ("дата снятия",)),
            Text("act_number", "Номер акта", "the act of admission", ("акт",), longest=60),
            *(_value(f"installed_t{n}", f"Показание при установке Т{n}") for n in (1, 2, 3)),
            *(_value(f"removed_t{n}", f"Показание при снятии Т{n}") for n in (1, 2, 3)),
        ),
        load_meters,
        export_meters,
    )
)
