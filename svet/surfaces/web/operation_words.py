"""The words of what operators do on a customer's card, where something cannot be done."""

from __future__ import annotations

ERRORS: dict[str, str] = {
    "last_day_is_to_come": "{last_on} ещё не наступило: счёт закрывают в последний день или позже.",
    "last_reading_refused": "Последнее показание счётчика № {serial} не принято. Исправьте его.",
    "first_reading_refused": "Первое показание счётчика № {serial} не принято. Исправьте его.",
    "name_differs": "Фамилия не та, что у лицевого счёта {number}. Проверьте номер и фамилию.",
    "nothing_is_supplied": "После {last_on} по этому счёту ничего не поставляется: проверьте последний день.",
    "account_is_open": "Лицевой счёт {number} не закрыт: отменять нечего.",
    "residents_changed_meanwhile": "Пока вы думали, жильцов изменил кто-то другой. Откройте страницу заново.",
    "residents_before_the_account": "Лицевой счёт открыт {opened_on}: раньше этого дня жильцов не меняют.",
    "months_are_charged": "За месяцы с этого дня уже начислено. Подтвердите, что знаете это, или выберите другой день.",
    "operation_not_found": "Такой операции нет, или её нельзя отменить здесь.",
    "former_reading_refused": "Прежнее показание вернуть нельзя: оно не проходит проверку.",
    "reading_was_followed": "Прежнее показание вернуть нельзя: месяц уже рассчитан. Запишите верное показание.",
    "reading_is_charged": "За {month} по этому показанию уже начислено, отозвать его нельзя. Запишите верное показание"
    " того же дня: следующий счёт исправит начисления.",
    "readings_after_it": "После него передано показание ({last_on}): сначала отзовите то.",
    "contact_goes_on": "Этот контакт и так действует.",
    "coming_has_effects": "По счёту {number} уже есть начисления или платежи: оформите отъезд.",
    "recalculation_not_found": "Такой записи нет.",
    "recalculation_waits": "Инженер ещё не ответил на прежнюю просьбу о пересчёте.",
    "recalculation_is_settled": "Кто-то уже отметил, чем это кончилось.",
    "outcome_is_needed": "Напишите, чем это кончилось.",
    "customer_is_not_identified": "Сначала установите личность клиента.",
    "lifting_needs_a_reason": "Напишите, почему.",
    "undo_needs_a_reason": "Напишите, почему.",
}
