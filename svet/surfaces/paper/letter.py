"""A letter on letterhead: number and day, to whom, the text, who wrote it and in which position (clause O6)."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from svet.flows.answering import LetterPaper
from svet.infra.clock import MOSCOW
from svet.surfaces.paper import engine
from svet.surfaces.paper.heads import account_in_groups, cleaned, company_texts
from svet.surfaces.web.templatetags.svet import day

TEMPLATE = "letter.typ"


def render(paper: LetterPaper, *, at: datetime) -> bytes:
    """Return the letter as an accessible PDF (PDF/UA-1), of a letter that went out always the same bytes.

    `at` is when a draft is printed. Raise TypesettingFailed.
    """
    dated = f"от {day(paper.on)}" if paper.on else ""
    number = f"№ {paper.number} {dated}".strip() if paper.number else dated
    texts: dict[str, Any] = {
        "title": f"Письмо по обращению {paper.case_number}",
        "name": "Проект ответа" if paper.is_draft else "Ответ на обращение" if paper.number else "Письмо",
        "number": number or "без номера, ещё не отправлен",
        "about": f"На обращение {paper.case_number} от {day(paper.registered_on)}",
        "company": company_texts(paper.company),
        "to": {
            "name": paper.name,
            "address": paper.address,
            "account": f"Лицевой счёт {account_in_groups(paper.account)}" if paper.account else "",
        },
        "paragraphs": [part.split("\n") for part in paper.text.split("\n\n") if part.strip()],
        "author": {"name": paper.author, "position": paper.position},
    }
    made_at = datetime.combine(paper.on, time(), tzinfo=MOSCOW) if paper.on else at
    return engine.pdf(TEMPLATE, cleaned(texts), made_at=made_at)
