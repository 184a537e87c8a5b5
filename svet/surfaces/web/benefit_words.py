"""The words of benefits and of electricity used past the meter."""

from __future__ import annotations

from decimal import Decimal

from svet.domains.benefits.rules import BenefitForm, Covers, Terms

KINDS: dict[str, str] = {
    "connection": "Подключились в обход счётчика",
    "tampering": "Вмешались в счётчик или пломбы",
}
ERRORS: dict[str, str] = {
    "entitlement_is_refused": "Льгота не записана: проверьте её.",
    "benefit_holder_is_needed": "Напишите, у кого льгота, до 200 знаков.",
    "benefit_document_is_needed": "Напишите, по какому документу льгота, до 200 знаков.",
    "benefit_reason_is_needed": "Напишите, почему.",
    "benefit_people_are_wrong": "На скольких человек льгота: от 1 до {most}.",
    "benefit_has_no_days": "Последний день раньше первого. Проверьте дни.",
    "benefit_ends_before_it_begins": "Льгота действует с {from_on}. Последний день — не раньше этого дня и не позже,"
    " чем записано; если её не было вовсе, отмените её.",
    "benefit_kind_not_found": "В первый день такой льготы ещё не было или уже не было. Проверьте вид и день.",
    "benefit_place_not_found": "В первый день по этому счёту сюда не поставляли. Проверьте день.",
    "entitlement_overlaps": "Такая льгота этого человека здесь уже записана с {since}.",
    "entitlement_has_ended": "Эту льготу уже закончили. Обновите страницу.",
    "entitlement_is_undone": "Эта льгота уже отменена. Обновите страницу.",
    "end_is_undone": "Льгота уже действует снова. Обновите страницу.",
    "unmetered_act_is_refused": "Акт не принят: проверьте его.",
    "unmetered_begins_after_found": "{since_on} позже дня, когда это обнаружили. Проверьте дни.",
    "unmetered_ends_before_found": "Прекратили не раньше, чем обнаружили. Проверьте дни.",
    "unmetered_has_no_days": "По этим дням начислять не за что. Проверьте дни.",
    "unmetered_note_is_needed": "Напишите, что обнаружили.",
    "unmetered_power_is_wrong": "Мощность — больше нуля и не больше 100 кВт.",
    "unmetered_supply_is_unknown": "Начислять нужно с {from_on}, а в часть этих дней по счёту сюда не поставляли."
    " Проверьте дни.",
    "unmetered_is_not_priced": "За {month} не посчитать: не хватает норматива, цены или числа жильцов ({codes})."
    " Дополните их и повторите.",
    "act_changed_meanwhile": "Пока вы думали, данные изменились: сумма по акту уже другая. Проверьте её и повторите.",
}
JOURNAL: dict[str, str] = {
    "benefits.opened": "Записана льгота",
    "benefits.ended": "Льгота закончилась",
    "benefits.end_undone": "Льгота действует снова",
    "benefits.undone": "Льгота отменена",
    "billing.unmetered_recorded": "Записан акт о безучётном потреблении",
    "billing.unmetered_undone": "Акт о безучётном потреблении отменён",
}
JOURNAL_FACTS: dict[str, str] = {
    "benefit_name": "льгота",
    "holder": "у кого",
    "document": "документ",
    "people": "человек",
}
WHY: dict[str, tuple[str, str]] = {
    # what changed under charged months, and the cause of a revision that settles it
    "residents": ("жильцы", "residents"),
    "house": ("дом: общедомовые нужды", "house"),
    "benefit": ("льгота", "benefit"),
    "outage": ("перерыв в подаче", "other"),
    "condition": ("состояние счётчика", "meter"),
    "appeal": ("обращение клиента", "other"),
}


def terms_text(terms: Terms) -> str:
    """Return what a kind of benefit gives, in words.

    >>> terms_text(Terms(BenefitForm.PERCENT, Covers.FIRST_STEP, Decimal("50.00"), None, None, False, True))
    'минус 50 % платы в пределах нормы, только доля льготника'
    """
    each = " на человека" if terms.is_per_person else ""
    if terms.form is BenefitForm.ROUBLES:
        return f"минус {_plain(terms.roubles)} ₽ в месяц{each}"
    some = f"{_plain(terms.kwh)} кВт·ч в месяц{each}"
    if terms.form is BenefitForm.KWH and terms.percent == 100:
        text = f"{some} бесплатно"
    else:
        of = {Covers.ALL: "платы", Covers.FIRST_STEP: "платы в пределах нормы", Covers.VOLUME: f"платы за {some}"}
        text = f"минус {_plain(terms.percent)} % {of[terms.covers]}"
    return f"{text}, только доля льготника" if terms.is_share else text


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}".replace(".", ",")
