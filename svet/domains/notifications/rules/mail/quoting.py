"""Where somebody's own words in an answer end and what he answers to begins. For showing: all of it is kept. Pure."""

from __future__ import annotations

import re

_HEADS = re.compile(
    r"^\s*(?:"
    r"-{2,} ?(?:original message|исходное сообщение|пересылаемое сообщение|forwarded message|пересланное сообщение).*"
    r"|(?:on .{4,120} wrote:)|(?:.{4,160}(?:пишет|писал|писала|написал|написала|написал\(а\)) ?:)"
    r"|(?:(?:пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье)\.?,"
    r" \d{1,2} [а-я]+\.? \d{4} ?(?:г\.)?.{0,160}:)"
    r"|(?:\d{1,2}[./ ][\d а-яa-z.]{2,14}[./ ]\d{4}(?:,| в)? \d{1,2}:\d{2}.{0,160}[:>])"
    r"|(?:(?:от|from|кому|to|sent|отправлено): .{3,200})"
    r")\s*$",
    re.IGNORECASE,
)


def own_words(text: str) -> tuple[str, str]:
    r"""Return somebody's own words and what is quoted beneath them; answers between quoted lines are all his own.

    >>> own_words("Спасибо!\n\nпн, 23 нояб. 2026 г. в 10:00, Свет <a@b.ru>:\n> Ваше обращение")
    ('Спасибо!', 'пн, 23 нояб. 2026 г. в 10:00, Свет <a@b.ru>:\n> Ваше обращение')
    """
    lines = text.split("\n")
    cut = len(lines)
    for place, line in enumerate(lines):
        if _HEADS.match(line) or line.lstrip().startswith(">"):
            cut = place
            break
    own, quoted = "\n".join(lines[:cut]).strip(), lines[cut:]
    is_quote = [not line.strip() or line.lstrip().startswith(">") for line in quoted]
    marked = [place for place, line in enumerate(quoted) if line.lstrip().startswith(">")]
    answers_between = bool(marked) and not all(is_quote[marked[0] :])
    if not own or answers_between:
        return text.strip(), ""
    return own, "\n".join(quoted).strip()
