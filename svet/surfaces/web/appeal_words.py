"""The words of appeals: errors, states, events, terms, grounds (`messages` and `words` take them in)."""

from __future__ import annotations

from collections.abc import Iterable

ERRORS: dict[str, str] = {
    "points_are_unanswered": "Ответьте на каждый вопрос заявителя. Без ответа: {places}.",
    "answer_needs_approval": "Ответ на эту тему согласует второй сотрудник: передайте ему ответ.",
    "fields_are_unfilled": "Этих сведений у нас нет, впишите их сами или уберите: {fields}.",
    "answer_was_changed": "Ответ уже изменили, согласовали или отправили. Обновите страницу.",
    "point_is_empty": "Напишите вопрос заявителя.",
    "too_many_points": "В обращении не больше {most} вопросов.",
    "unknown_fields": "Таких полей нет: {fields}. Возьмите поля из списка под текстом.",
    "template_is_empty": "Введите название и текст шаблона.",
    "template_was_changed": "Этот текст уже заменили, или он начинает действовать позже. Обновите страницу.",
    "score_is_wrong": "Выберите оценку от 1 до 5.",
    "said_already": "Вы уже ответили. Спасибо!",
    "no_such_receipt": "Обращения с таким номером и кодом нет. Проверьте оба: код напечатан рядом с номером.",
    "reopening_is_late": "Открыть это обращение снова уже нельзя. Напишите новое.",
    "letter_is_empty": "Напишите текст или приложите файл.",
    "no_such_subject": "Такой темы нет. Выберите тему из списка.",
    "received_later_than_registered": "Обращение не может прийти позже, чем его зарегистрировали. Проверьте дату.",
    "case_stands_otherwise": "Обращение {number} уже в другом состоянии. Обновите страницу.",
    "case_is_taken": "Это обращение уже взял другой сотрудник.",
    "not_an_application": "Это обращение — не заявка на договор: этапов у него нет.",
    "stage_needs_words": "Напишите, каких документов не хватает или почему отказано: это прочтёт заявитель.",
    "stage_does_not_follow": "Заявка уже на другом этапе, этот за ним не идёт. Обновите страницу.",
    "case_was_reassigned": "Пока вы думали, обращение передали другому сотруднику. Обновите страницу.",
    "case_is_about_him": "Обращение касается этого сотрудника, его руководителя или подразделения: дайте его другому.",
    "he_answers_no_cases": "Этот сотрудник не отвечает на обращения.",
    "he_is_away": "Этого сотрудника сейчас нет на месте: дайте обращение тому, кто его замещает.",
    "note_is_empty": "Напишите заметку.",
    "notice_is_needed": "Напишите, что сообщить заявителю.",
    "resolution_is_wrong": "Выберите итог рассмотрения.",
    "pause_ends_wrongly": "Последний день паузы не раньше сегодняшнего и не дальше чем через {most} дней.",
    "notice_has_no_term": "Оставьте в письме о продолжении {term}: туда встанет новый день.",
    "clock_does_not_run": "Этот срок сейчас не идёт. Обновите страницу.",
    "clock_does_not_stand": "Этот срок не приостановлен. Обновите страницу.",
    "clock_is_overdue": "Срок уже прошёл: продлить его нельзя.",
    "extension_is_too_long": "Продлить можно не больше чем на {most} дней.",
    "no_term": "Для этого срока нет правила в справочнике.",
    "grid_is_asked": "Сетевую организацию уже спросили, ответ ещё ждём.",
    "nothing_is_missing": "Всё нужное заявитель уже сообщил.",
    "data_is_asked_for": "Заявителя уже спросили, ответ ещё ждём.",
    "view_has_no_name": "Назовите вид.",
    "no_unit_to_share_with": "Вы не состоите в подразделении: сохраните вид только для себя.",
    "view_name_is_taken": "Вид «{name}» у вас уже есть. Назовите этот иначе.",
    "too_many_views": "У вас уже {most} видов. Удалите ненужные.",
    "too_many_exports": "Сразу можно собирать не больше {most} файлов. Дождитесь одного из них.",
    "absence_overlaps": "На эти дни отсутствие уже записано.",
    "deputy_is_himself": "Нельзя замещать самого себя.",
    "refusal_waits": "Предложение не рассматривать уже ждёт решения.",
    "refusal_is_decided": "Решение уже принято.",
    "refusal_is_reviewed": "Проверка уже записана.",
    "another_decides": "Решает другой сотрудник, не тот, кто предложил.",
    "hangs_there_already": "Это уже относится к тому же событию.",
    "matter_is_its_own": "Событие и так принадлежит только этому обращению.",
    "merged_into_itself": "Обращение нельзя объединить с самим собой.",
    "merges_go_one_way": "Выбранное обращение само объединено с другим: объединяйте с тем.",
}

ASKING = (
    "Здравствуйте! Мы зарегистрировали ваше обращение {number}. Чтобы ответить, нам не хватает сведений:\n{missing}.\n"
    "Пожалуйста, ответьте на это письмо или позвоните нам и назовите номер обращения."
)
EXTENSION = (
    "Здравствуйте! Нам нужно больше времени, чтобы ответить на ваше обращение {number}: …\n"
    "Мы ответим, как только во всём разберёмся, и сообщим новый срок."
)
PAUSE = (
    "Здравствуйте! Рассмотрение вашего обращения {number} приостановлено: …\nМы продолжим, как только причина отпадёт."
)
RESUME = "Здравствуйте! Мы снова занимаемся вашим обращением {number}. Ответим не позже {term}."
REFUSALS: dict[str, str] = {
    "anonymous": "в нём не указано, кто обращается",
    "insulting": "в нём есть оскорбительные выражения",
    "slanderous": "в нём заведомо ложные сведения",
    "inciting_hatred": "оно разжигает рознь",
    "inducing_to_break_law": "оно призывает нарушить закон",
    "already_answered": "на такое же обращение мы уже ответили",
    "unreadable": "текст или приложенные документы не удаётся прочитать",
}
REFUSAL = (
    "Здравствуйте! Ваше обращение {number} оставлено без рассмотрения: {why} "
    "(Стандарт обслуживания клиентов, глава 5).\nЕсли вы с этим не согласны, напишите нам ещё раз или позвоните."
)


def asking(number: str, missing: Iterable[str]) -> str:
    """Return the letter that asks for what is missing."""
    return ASKING.format(number=number, missing=";\n".join(f"— {WORDS[one]}" for one in missing))


def refusing(number: str, ground: str) -> str:
    """Return the letter that says why a case is not considered."""
    return REFUSAL.format(number=number, why=REFUSALS[ground])


WORDS: dict[str, str] = {
    # answers before they are letters, and after
    "answer_draft": "черновик ответа",
    "answer_waits_for_approval": "ответ на согласовании",
    "answer_approved": "ответ согласован",
    "answer_sent": "ответ отправлен",
    "answer_put_forward": "ответ передан на согласование",
    "answer_sent_back": "ответ возвращён автору",
    "letter_posted": "письмо сдано на почту",
    "answer_opened": "заявитель открыл ответ",
    "answer_rated": "заявитель отозвался об ответе",
    "not_solved_says_applicant": "заявитель говорит, что вопрос не решён",
    # by which way a letter goes
    "at_office": "в офисе",
    "by_phone": "по телефону",
    "by_post": "почтой",
    "by_email": "по электронной почте",
    "by_site": "через сайт",
    "by_cabinet": "в личном кабинете",
    "by_gis": "через ГИС ЖКХ",
    "by_bill": "вопрос по счёту",
    "by_sms": "по СМС",
    # what it is
    "question": "вопрос",
    "request": "заявление",
    "grievance": "жалоба",
    "claim": "претензия",
    "suggestion": "предложение",
    "thanks": "благодарность",
    # where it stands
    "case_registered": "зарегистрировано",
    "case_in_work": "в работе",
    "case_answered": "отвечено",
    "case_closed": "закрыто",
    # how it ended
    "satisfied": "удовлетворено",
    "partly_satisfied": "удовлетворено частично",
    "not_satisfied": "отказано",
    "explained": "даны разъяснения",
    "forwarded": "направлено по принадлежности",
    "withdrawn_by_applicant": "отозвано заявителем",
    "not_considered": "оставлено без рассмотрения",
    "not_readable": "не поддаётся прочтению",
    "merged_into_another": "объединено с другим",
    # who applies
    "unknown_applicant": "неизвестно",
    # what is missing
    "applicant_name": "имя и фамилия или название организации",
    "answer_address": "почтовый или электронный адрес для ответа",
    "account_or_contract": "номер лицевого счёта или договора",
    "supply_address": "адрес, где потребляется электроэнергия",
    "birth_date_and_place": "дата и место рождения",
    "passport_number": "серия и номер паспорта",
    "violation_time": "когда произошло нарушение",
    "demands": "чего вы требуете",
    # terms
    "answer_clock": "ответ заявителю",
    "charges_check_clock": "проверка начислений",
    "money_back_clock": "возврат денег",
    "data_clock": "сведения от заявителя",
    "later_letter_clock": "прочесть новое письмо",
    "grid_clock": "ответ сетевой организации",
    "running": "идёт",
    "paused": "приостановлен",
    "awaits_applicant": "раньше, если ответит заявитель",
    "awaits_grid": "раньше, если ответит сетевая организация",
    "pause_is_over": "день паузы прошёл",
    "applicant_has_answered": "заявитель ответил",
    "grid_has_answered": "сетевая организация ответила",
    "stopped": "завершён",
    "calendar_days": "календарных дней",
    "working_days": "рабочих дней",
    "hours": "часов",
    "from_registration": "со дня регистрации",
    "from_receipt": "со дня получения",
    "from_its_start": "с начала срока",
    "keep_day_off": "выходной не переносится",
    "next_working_day": "на следующий рабочий день",
    "previous_working_day": "на предшествующий рабочий день",
    # grounds not to consider
    "anonymous": "анонимное",
    "insulting": "грубое или оскорбительное",
    "slanderous": "заведомо ложное, клевета",
    "inciting_hatred": "разжигает рознь",
    "inducing_to_break_law": "призывает нарушить закон",
    "already_answered": "повторное, ответ уже дан",
    "unreadable": "не поддаётся прочтению",
    "ground_confirmed": "подтверждено",
    "ground_declined": "отклонено",
    "rightly_refused": "отказано верно",
    "wrongly_refused": "отказано неверно",
    # which way a letter went
    "incoming": "от заявителя",
    "outgoing": "заявителю",
    # events
    "received": "получено",
    "registered": "зарегистрировано",
    "letter_joined": "пришло ещё письмо",
    "letter_read": "письмо прочитано",
    "classified": "изменены вид и тема",
    "complained_about_named": "указано, на кого жалоба",
    "taken_in_work": "взято в работу",
    "assigned": "назначен исполнитель",
    "handed_over": "передано другому исполнителю",
    "returned_to_the_queue": "возвращено в очередь",
    "application_moved": "этап заявки",
    "application_received": "заявка получена",
    "application_documents": "проверяем документы",
    "application_lacking": "не хватает документов",
    "application_drafted": "готовим договор",
    "application_contract_sent": "договор отправлен вам на подпись",
    "application_concluded": "договор заключён",
    "application_declined": "в договоре отказано",
    "noted": "заметка",
    "asked_for_data": "запрошены сведения",
    "data_given": "сведения дополнены",
    "letter_written": "написано заявителю",
    "answer_given": "дан ответ",
    "closed_by_staff": "закрыто",
    "reopened": "открыто снова",
    "clock_started": "начат срок",
    "clock_paused": "срок приостановлен",
    "clock_resumed": "срок идёт дальше",
    "clock_extended": "срок продлён",
    "clock_stopped": "срок завершён",
    "warned": "предупреждение о сроке",
    "escalated": "срок прошёл, передано руководителю",
    "grid_reminded": "сетевая организация молчит, отправлено напоминание",
    "refusal_proposed": "предложено не рассматривать",
    "refusal_declined": "предложение не рассматривать отклонено",
    "refusal_confirmed": "решено не рассматривать",
    "merged_away": "объединено с другим обращением",
    "took_in": "присоединено другое обращение",
    "split_off": "часть выделена в новое обращение",
    "matter_joined": "отнесено к событию",
    "matter_left": "отделено от события",
    "sensitive_revealed": "показаны закрытые сведения",
    # what hangs on an event and how
    "case_part": "обращение",
    "contact_part": "контакт",
    "remark_part": "вопрос по счёту",
    "correction_part": "перерасчёт",
    "new_matter": "новое событие",
    "joined_by_hand": "вручную",
    "joined_by_suggestion": "по подсказке",
    "joined_by_merge": "при объединении",
    "field_supply": "электроснабжение",
    "field_bill": "счета и платежи",
    "field_meter": "счётчики и показания",
    "field_contract": "договор",
    "field_service": "обслуживание",
    "field_other": "другое",
    # why a term ended
    "answer_was_given": "дан ответ",
    "case_was_closed": "закрыто",
    "was_refused": "не рассматривается",
    "was_merged": "объединено",
    "grid_answered": "сетевая организация ответила",
    "grid_is_silent": "ответа нет, отправлено напоминание",
    "absence": "отсутствие исполнителя",
}
