"""The words of revisions: charged months charged anew for many at once."""

from __future__ import annotations

from svet.domains.billing.rules.revising import RevisedState, RevisionCause, RevisionState

ERRORS: dict[str, str] = {
    "reason_is_needed": "Напишите основание: его увидят те, кого это коснётся.",
    "revision_goes_too_far_back": "{month} дальше срока, за который пересчитывают без особого основания (с {earliest})."
    " Напишите, почему пересчитать нужно дальше.",
    "nothing_is_charged_since": "С {month} по этим лицевым счетам ничего не начислено: пересчитывать нечего.",
    "revision_is_under_way": "Другой перерасчёт ещё идёт. Дождитесь его конца: они опираются друг на друга.",
    "run_is_under_way": "Сейчас считается месяц. Начните перерасчёт, когда расчёт закончится.",
    "stage_is_a_per_cent": "Доля — целое число от 1 до 100.",
    "stage_is_released": "Эта доля уже проведена: {percent} %. Укажите больше.",
    "revision_cannot_be_released": "Этот перерасчёт сейчас нельзя провести. Обновите страницу.",
    "nothing_was_released": "Проведённого нет: отменять нечего.",
    "revision_cannot_be_cancelled": "Перерасчёт уже проводится: вместо отказа отмените проведённое.",
}

CAUSES: dict[str, str] = {
    RevisionCause.TARIFF: "тариф был применён неверно",
    RevisionCause.CATEGORY: "уточнена категория потребителя",
    RevisionCause.RESIDENTS: "уточнено число жильцов",
    RevisionCause.NORM: "уточнён норматив или социальная норма",
    RevisionCause.BENEFIT: "льгота",
    RevisionCause.METER: "данные счётчика",
    RevisionCause.HOUSE: "пересчитан дом: общедомовые нужды",
    RevisionCause.COURT: "решение суда или органа власти",
    RevisionCause.OTHER: "другое",
}

STATES: dict[str, tuple[str, str]] = {
    RevisionState.COUNTING: ("info", "считается"),
    RevisionState.COUNTED: ("info", "посчитан, не проведён"),
    RevisionState.RELEASING: ("info", "проводится"),
    RevisionState.RELEASED: ("good", "проведён"),
    RevisionState.TAKING_BACK: ("info", "отменяется"),
    RevisionState.TAKEN_BACK: ("bad", "отменён"),
    RevisionState.CANCELLED: ("", "отказались"),
}

ACCOUNT_STATES: dict[str, str] = {
    RevisedState.SAME: "без изменений",
    RevisedState.COUNTED: "посчитан",
    RevisedState.HELD: "нельзя рассчитать",
    RevisedState.CHANGED: "изменился после подсчёта",
    RevisedState.RELEASED: "проведён",
    RevisedState.TAKEN_BACK: "отменён",
    RevisedState.RELIED_ON: "на нём уже построены другие начисления",
}


def scope_text(scope: str, *, category: str = "") -> str:
    """Return of whom a revision is.

    >>> scope_text("postal:600000")
    'почтовый индекс 600000'
    """
    kind, _, word = scope.partition(":")
    said = {
        "all": "все лицевые счета",
        "account": f"лицевой счёт {word}",
        "postal": f"почтовый индекс {word}",
        "category": f"категория «{category or word}»",
    }
    return said.get(kind, scope)
