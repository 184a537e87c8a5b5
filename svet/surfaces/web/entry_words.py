"""What people are told when they come in: codes, tries, sign-up, invitations. Nothing here says who is known."""

from __future__ import annotations

ERRORS: dict[str, str] = {
    # one-time codes
    "code_is_not_six_digits": "Введите 6 цифр из сообщения.",
    "code_did_not_match": "Код не подошёл. Осталось попыток: {left}.",
    "code_is_over": "Этот код больше не действует. Отправьте новый и введите код из последнего сообщения.",
    "code_asked_too_soon": "Код уже отправлен. Новый можно запросить через {seconds} с.",
    "too_many_codes": "Кодов запрошено слишком много. Попробуйте снова через {minutes} мин.",
    "too_many_attempts": "Слишком много попыток. Попробуйте снова через {minutes} мин.",
    # sign-up
    "facts_do_not_match": "Данные не совпали. Проверьте номер лицевого счёта, номер счёта и сумму по последнему счёту.",
    "account_has_an_owner": (
        "Личный кабинет по этому лицевому счёту уже открыт. Попросите его владельца пригласить вас"
        " или приходите с паспортом в любой офис."
    ),
    "proof_is_over": "Времени прошло слишком много. Подтвердите лицевой счёт ещё раз.",
    # people on an account
    "invitation_is_over": "Это приглашение больше не действует. Попросите владельца счёта прислать новое.",
    "too_many_invitations": "Сегодня отправлено слишком много приглашений. Попробуйте завтра.",
    "last_owner": "Это единственный владелец: сначала пригласите другого.",
    # contacts
    "contact_is_confirmed": "Этот контакт уже подтверждён.",
    "contact_takes_no_codes": "На городской телефон код не отправить: он нужен только для звонков.",
}

ROLES: dict[str, str] = {
    "payer": "видеть всё, передавать показания и платить",
    "reader": "только видеть",
    "owner": "всё, что и владелец: ещё и контакты, справки, люди",
}
"""What somebody with a role on an account may do."""
