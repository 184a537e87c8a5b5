"""The words of the mailbox for staff: what a letter is, what became of it, what to look out for."""

from __future__ import annotations

ERRORS: dict[str, str] = {
    "mail_is_settled": "Это письмо уже разобрал другой сотрудник. Вот что с ним стало.",
    "reason_is_needed": "Напишите, почему письмо не требует ответа.",
}
STATES: dict[str, tuple[str, str]] = {
    "new": ("ждёт разбора", "info"),
    "new_case": ("новое обращение", "good"),
    "joined": ("добавлено к обращению", "good"),
    "bounce": ("наше письмо не дошло", "warn"),
    "auto_reply": ("ответила программа", "info"),
    "repeat": ("пришло повторно", "info"),
    "unusable": ("нужен человек", "warn"),
    "set_aside": ("отложено", "info"),
}
SORTS: dict[str, str] = {
    "loop": "наше же письмо вернулось",
    "bounce": "отчёт о недоставке",
    "auto_reply": "автоответ",
    "spam": "почтовый сервер считает спамом",
    "bulk": "рассылка",
    "no_sender": "нет адреса отправителя",
    "empty": "пустое письмо",
    "broken": "письмо повреждено",
    "too_large": "слишком большое, получены только заголовки",
    "ordinary": "",
}
FLAGS: dict[str, str] = {
    "foreign_thread": "Письмо отвечает на переписку по чужому обращению: адрес отправителя другой. Заведено отдельно.",
    "foreign_number": "В теме номер чужого обращения: адрес отправителя другой. Заведено отдельно.",
    "false_sender": "Почтовый сервер не подтвердил отправителя: адрес может быть подделан.",
    "same_id": "Такой же код письма уже был у другого письма.",
    "false_report": "Отчёт называет код нашего письма, которого мы не подтверждаем: он может быть подделан. "
    "Письмо не отмечено как недошедшее.",
    "files_refused": "Часть вложений не сохранена: не PDF и не снимок. Все они есть в исходном письме.",
}
_REFUSED: dict[str, str] = {
    "file_is_empty": "пустой",
    "file_is_too_large": "больше 10 МБ",
    "file_kind_is_refused": "не PDF и не снимок",
    "file_is_broken": "повреждён",
    "image_is_too_large": "снимок слишком крупный",
    "pdf_acts_by_itself": "в PDF есть вложения или команды",
    "pdf_is_locked": "PDF закрыт паролем",
    "too_many_files": "больше 50 файлов",
}


def refused(code: str) -> str:
    """Return why an attachment was not kept."""
    return _REFUSED.get(code, code)
