"""The words of debts and penalties: refusals, what the engine asks, how far a debt is overdue, switches."""

from __future__ import annotations

ERRORS: dict[str, str] = {
    "penalties_are_being_accrued": "Пени за {month} ещё считаются. Подождите немного и повторите.",
    "penalties_have_failed": "Итоги пеней за {month} не сошлись: счета не выставлены. Сообщите администратору.",
    "penalty_is_not_known": "Пени нельзя посчитать: не хватает данных на {day}.",
    "day_is_outside_the_month": "{day} не относится к месяцу {month}.",
    "no_such_account": "Лицевого счёта {number} нет.",
    "rate_is_wrong": "Ставка должна быть больше 0 и меньше 100 процентов, не больше двух цифр после запятой.",
    "source_is_missing": "Укажите, откуда это известно.",
    "day_is_too_far": "Ставку нельзя подтвердить больше чем на {days} дней вперёд.",
    "rates_are_confirmed_further": "Ставка уже подтверждена по {known_until}.",
}

FINDINGS: dict[str, str] = {
    "N90": "Ключевая ставка на {day} не подтверждена.",
    "N91": "На {day} неизвестно, ограничена ли ставка пеней.",
    "N92": "Для долга за {day} неизвестен срок оплаты: нет производственного календаря на тот год.",
}

STAGES: dict[str, str] = {
    "not_due": "срок не прошёл",
    "free": "до 30 дней, без пеней",
    "low": "31–90 дней, 1/300",
    "high": "больше 90 дней, 1/130",
}

POLICIES: dict[str, str] = {
    "due_day_off": "Срок оплаты попал на выходной",
    "penalty_rate_day": "Ставка какого дня",
    "penalty_rounding": "Округление",
    "penalty_late_bill": "Начислено позже своего месяца",
    "penalty_moratorium_2020": "Мораторий 2020 года",
    "penalty_moratorium_2022": "Мораторий 2022 года",
}

VALUES: dict[str, str] = {
    "next_working": "переносится на рабочий день",
    "same_day": "не переносится",
    "payment_day": "дня оплаты, для неоплаченного дня расчёта",
    "each_day": "каждого дня просрочки",
    "debt": "один раз по долгу за месяц",
    "account": "один раз по лицевому счёту",
    "presented": "срок того счёта, в котором предъявлено",
    "own_month": "срок своего месяца",
    "until_2020_12_31": "по 31.12.2020, 270 дней",
    "until_2021_01_01": "по 01.01.2021, 271 день",
    "old_debts": "01.04–30.09.2022, долги со сроком до 01.04.2022",
    "all_debts": "31.03–01.10.2022, все долги",
    "none": "не применяется",
}
