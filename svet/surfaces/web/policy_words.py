"""The words of the switches of calculation: what each decides, why it is a choice, what its values mean."""

from __future__ import annotations

from svet.surfaces.web import penalty_words

ERRORS: dict[str, str] = {
    "policy_source_is_missing": "Напишите, на чём это основано: приказ, письмо, решение.",
    "policy_begins_too_early": "Новое значение может действовать не раньше первого дня незакрытого месяца: {earliest}.",
}

MEMORY = "По памяти, по тексту не проверено."

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Показания", (
        "reading_window_from", "reading_cutoff_day", "reading_lower", "reading_after_verification",
        "reading_large_factor", "reading_large_at_least_kwh", "reading_large_without_history_kwh", "reading_zero_days",
        "rollover_factor", "rollover_limit_kwh",
    )),
    ("Средний расход", (
        "average_window_months", "average_window_max_months", "average_min_months", "average_limit_months",
        "average_limit_failed_months", "average_limit_refused_months", "failed_meter_average", "meter_gap",
        "verification_expired", "access_refused_acts", "access_refused_twice", "true_up_method",
    )),
    ("Норматив и жильцы", (
        "norm_factor_percent", "norm_factor_after", "surcharge_taken_back", "temporary_residents_min_days",
    )),
    ("Цена", (
        "tariff_change_split", "tariff_change_reading_days", "social_norm_without_residents", "bound_over_bands",
        "privileged_social_norm", "ranges_in_partial_month",
    )),
    ("Перерывы и качество", (
        "quality_excess", "quality_allowed_hours", "quality_allowed_hours_two_sources", "quality_percent_e2",
    )),
    ("Общедомовые нужды", (
        "house_excess", "house_negative", "house_average_limit_months", "house_corrections",
    )),
    ("Льготы", ("benefit_method", "benefit_steps")),
    ("Безучётное потребление", ("unmetered_limit_months", "unmetered_norm_percent", "unmetered_price")),
    ("Срок оплаты и пени", tuple(penalty_words.POLICIES)),
    ("Перерасчёты", ("revision_limit_months",)),
)  # fmt: skip

NAMES: dict[str, str] = {
    **penalty_words.POLICIES,
    "reading_window_from": "С какого числа принимать показания",
    "reading_cutoff_day": "По какое число показания идут в счёт этого месяца",
    "reading_lower": "Показание меньше прошлого",
    "reading_after_verification": "Показание счётчика с истёкшей поверкой",
    "reading_large_factor": "Во сколько раз больше обычного — уже сомнительно",
    "reading_large_at_least_kwh": "Меньше скольких кВт·ч не сомневаться",
    "reading_large_without_history_kwh": "Предел месяца для счёта без истории, кВт·ч",
    "reading_zero_days": "Через сколько дней отмечать, что показание не меняется",
    "rollover_factor": "Переход через ноль: во сколько раз больше обычного можно верить",
    "rollover_limit_kwh": "Переход через ноль без истории: предел месяца, кВт·ч",
    "average_window_months": "За сколько месяцев брать среднее",
    "average_window_max_months": "Не больше скольких месяцев",
    "average_min_months": "Не меньше скольких месяцев работы счётчика",
    "average_limit_months": "Сколько месяцев подряд по среднему, если нет показаний",
    "average_limit_failed_months": "То же, если счётчик неисправен",
    "average_limit_refused_months": "То же, если не пустили проверить",
    "failed_meter_average": "Неисправный счётчик: до каких пор среднее",
    "meter_gap": "Дни между снятым и новым счётчиком",
    "verification_expired": "Истекла поверка",
    "access_refused_acts": "После скольких отказов в доступе показания не принимать",
    "access_refused_twice": "Повторный отказ в доступе",
    "true_up_method": "Показание после месяцев по среднему",
    "norm_factor_percent": "Повышающий коэффициент к нормативу, %",
    "norm_factor_after": "Когда коэффициент применяется",
    "surcharge_taken_back": "Возвращать ли надбавку, когда показания известны",
    "temporary_residents_min_days": "Временные жильцы: больше скольких дней подряд",
    "tariff_change_split": "Тариф сменился внутри месяца",
    "tariff_change_reading_days": "Показание не дальше скольких дней от смены тарифа",
    "social_norm_without_residents": "Социальная норма, если никто не прописан",
    "bound_over_bands": "Как делить норму между днём и ночью",
    "privileged_social_norm": "Льготная социальная норма",
    "ranges_in_partial_month": "Границы диапазонов в неполном месяце",
    "quality_excess": "Часы сверх разрешённых",
    "quality_allowed_hours": "Разрешённый перерыв, часов, один источник питания",
    "quality_allowed_hours_two_sources": "Разрешённый перерыв, часов, два источника",
    "quality_percent_e2": "Снижение платы за час, сотых процента",
    "house_excess": "Общедомовые нужды сверх норматива",
    "house_negative": "Квартиры вместе расходуют больше, чем показал счётчик дома",
    "house_average_limit_months": "Сколько месяцев подряд дом без показаний считать по среднему",
    "house_corrections": "Исправление показания соседа после расчёта дома",
    "benefit_method": "Как льгота доходит до людей",
    "benefit_steps": "Льготные кВт·ч при норме и диапазонах",
    "unmetered_limit_months": "Безучётное потребление: не больше скольких месяцев, если начало неизвестно",
    "unmetered_norm_percent": "Безучётное потребление: к нормативу, %",
    "unmetered_price": "Безучётное потребление: по какой цене",
    "revision_limit_months": "За сколько месяцев назад пересчитывать",
}

REASONS: dict[str, str] = {
    **penalty_words.REASONS,
    "reading_window_from": "Первый день нигде не назван, его даёт договор.",
    "reading_cutoff_day": "Правила № 354, пункты 31 «ж», 33 «к(1)»: 25-е число, если договор не говорит другое.",
    "reading_lower": "Выбор компании: ждёт оператора или не принимается.",
    "reading_after_verification": "Выбор компании: годится ли значение, решает расчёт.",
    "reading_large_factor": "Выбор компании.",
    "reading_large_at_least_kwh": "Выбор компании.",
    "reading_large_without_history_kwh": "Выбор компании.",
    "reading_zero_days": "Выбор компании.",
    "rollover_factor": "Практика.",
    "rollover_limit_kwh": "Выбор компании.",
    "average_window_months": "Правила № 354, пункт 59 «б»: не менее 6 месяцев.",
    "average_window_max_months": "Верхней границы в пункте 59 нет: берут 6 или 12 месяцев.",
    "average_min_months": "Правила № 354, пункт 59 «б»: не менее 3 месяцев работы счётчика.",
    "average_limit_months": "Правила № 354, пункт 59 «б»: 3 месяца; в старой редакции было 6.",
    "average_limit_failed_months": "Правила № 354, пункт 59 «а».",
    "average_limit_refused_months": "Правила № 354, пункт 59 «в»: после акта об отказе в доступе.",
    "failed_meter_average": f"Правила № 354, пункт 59 «г» (с 2020 года): пока счётчик не заменят. {MEMORY}",
    "meter_gap": f"Правила № 354, пункт 59: как неисправный; другие считают по нормативу. {MEMORY}",
    "verification_expired": "Правила № 354, пункты 59 «а» и 81(12): как неисправный; на практике показания берут,"
    " поверка — обязанность поставщика.",
    "access_refused_acts": "Правила № 354, пункт 60(1): не менее двух актов.",
    "access_refused_twice": "Правила № 354, пункты 60(1) и 60(3) говорят разное.",
    "true_up_method": "Правила № 354, пункт 38: каждый месяц по своей цене. Прямого правила нет, часто пересчитывают в"
    " месяце показания.",
    "norm_factor_percent": "Правила № 354, пункты 42 и 60, формула 4(1): 1,5.",
    "norm_factor_after": f"Правила № 354, пункт 60: при неисправности и отказе, не при забытых показаниях. {MEMORY}",
    "surcharge_taken_back": "Прямого правила нет; пункт 61 пересчитывает всю плату.",
    "temporary_residents_min_days": f"Правила № 354, пункт 56: больше 5 дней подряд. {MEMORY}",
    "tariff_change_split": "Федерального правила нет: делят по дням или по показанию дня смены.",
    "tariff_change_reading_days": "Практика.",
    "social_norm_without_residents": "Постановление № 614: норма одного человека.",
    "bound_over_bands": f"Постановление № 614: по расходу каждой зоны. {MEMORY}",
    "privileged_social_norm": "150 кВт·ч для льготных семей во Владимире: на семью или на человека, не видно.",
    "ranges_in_partial_month": "Правила нет: границы названы за месяц.",
    "quality_excess": "Правила № 354, приложение 1: «суммарно за период» читают двояко.",
    "quality_allowed_hours": "Правила № 354, приложение 1.",
    "quality_allowed_hours_two_sources": "Правила № 354, приложение 1.",
    "quality_percent_e2": "Правила № 354, приложение 1: 0,15 % за каждый час.",
    "house_excess": f"Правила № 354, пункт 44. Для прямых договоров — весь объём. {MEMORY} Для дома можно задать своё.",
    "house_negative": "Правила № 354, пункт 47: разница распределяется по площади (источник вторичный). Постановление"
    f" № 124 о переносе на следующий месяц — для управляющих компаний. {MEMORY} Для дома можно задать своё.",
    "house_average_limit_months": "Правила № 354, пункт 59(1): не больше трёх расчётных периодов.",
    "house_corrections": "Правила нет: дом пересчитывают за тот же месяц или разница входит в следующий.",
    "benefit_method": f"Законы говорят о компенсации, которую платит соцзащита. Снижать ли счёт, решает договор с ней."
    f" {MEMORY}",
    "benefit_steps": "Правила нет: сначала в пределах нормы и первого диапазона или поровну во всех.",
    "unmetered_limit_months": f"Правила № 354, пункты 62 и 81(11): от прошлой проверки, но не больше 3 месяцев."
    f" {MEMORY}",
    "unmetered_norm_percent": f"Правила № 354, пункты 62 и 81(11): норматив в десятикратном размере. {MEMORY}",
    "unmetered_price": "Прямого правила нет.",
    "revision_limit_months": "Гражданский кодекс, статья 196: три года. Дальше нужно особое основание.",
}

VALUES: dict[str, str] = {
    **penalty_words.VALUES,
    "consumers": "распределяются между квартирами",
    "supplier": "не начисляются",
    "to_flats": "разница возвращается квартирам по площади",
    "zero": "ничего не начисляется и не возвращается",
    "carry": "разница переходит на следующий месяц",
    "own_month": "дом пересчитывается за тот же месяц",
    "next_bill": "разница входит в месяц нового счёта",
    "hold": "ждёт проверки",
    "refuse": "не принимается",
    "note": "принимается с пометкой",
    "until_replaced": "пока не заменят",
    "limited": "не дольше предела",
    "average": "по среднему",
    "norm": "по нормативу",
    "measured": "по показаниям",
    "after_average": "норматив с коэффициентом после среднего",
    "norm_at_once": "норматив с коэффициентом сразу",
    "by_months": "по месяцам, по цене каждого",
    "current_month": "в месяце показания",
    "failure_refusal": "при неисправности и отказе в доступе",
    "any_estimate": "при любом расчёте без показаний",
    "never": "никогда",
    "yes": "да",
    "no": "нет",
    "days": "делить по дням",
    "reading": "делить по показанию, если оно есть",
    "one_person": "как на одного человека",
    "owners": "по числу собственников",
    "proportional": "по расходу каждой зоны",
    "in_order": "сначала день, потом ночь",
    "household": "на семью",
    "person": "на каждого человека",
    "prorate": "по дням",
    "whole": "целиком",
    "per_event": "считать по каждому перерыву",
    "per_month": "считать за месяц вместе",
    "reduces_bill": "снижает счёт",
    "compensated": "только в отчёте для соцзащиты",
    "first_steps": "сначала в пределах нормы",
    "first_step": "первой ступени",
    "last_step": "последней ступени",
}


def value_text(value: str) -> str:
    """Return the value of a switch in words.

    >>> value_text("hold"), value_text("25")
    ('ждёт проверки', '25')
    """
    return VALUES.get(value, value)
