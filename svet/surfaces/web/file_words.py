"""The words of files that people give."""

from __future__ import annotations

ERRORS: dict[str, str] = {
    "file_is_empty": "Файл «{file}» пуст. Выберите другой.",
    "file_is_too_large": "Файл «{file}» больше {most_mb} МБ. Отсканируйте с меньшим разрешением.",
    "file_kind_is_refused": "Файл «{file}» — не PDF и не снимок JPEG или PNG. Сохраните скан в одном из них.",
    "file_is_broken": "Файл «{file}» повреждён и не открывается. Отсканируйте документ ещё раз.",
    "image_is_too_large": "Снимок «{file}» крупнее {most_mp} мегапикселей. Отсканируйте с меньшим разрешением.",
    "pdf_acts_by_itself": "В файле «{file}» есть вложения или команды. Отсканируйте документ заново.",
    "pdf_is_locked": "Файл «{file}» закрыт паролем. Сохраните его без пароля.",
    "too_many_files": "За сутки загружено больше {most} файлов. Попросите коллегу или продолжите завтра.",
}
