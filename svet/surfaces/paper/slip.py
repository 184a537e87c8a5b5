"""The slip of a registered appeal: its number, the code to look it up by, the last day for the answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from svet.domains.cases.rules.register import shown_receipt_code
from svet.flows.case_pages import Slip
from svet.surfaces.paper import engine
from svet.surfaces.paper.heads import cleaned, company_texts
from svet.surfaces.web import words
from svet.surfaces.web.templatetags.svet import day, moment

TEMPLATE = "slip.typ"


def render(slip: Slip, *, at: datetime) -> bytes:
    """Return the slip as an accessible PDF (PDF/UA-1) of half a sheet; raise TypesettingFailed."""
    row = slip.case.row
    who = slip.case.applicants[0] if slip.case.applicants else None
    rows = [
        ("Кто обратился", who.name if who and who.name else "не назвался"),
        ("Лицевой счёт", row.account_number or (who.account_number if who else "") or "не назван"),
        ("О чём", row.subject_name),
        ("Как пришло", words.of(row.channel)),
        ("Приложено файлов", str(sum(len(one.files) for one in slip.case.letters))),
        ("Ответим не позже", day(slip.answer_on) if slip.answer_on else "срок не идёт"),
    ]
    if slip.case.missing:
        rows.append(("Ещё нужно сообщить", ", ".join(words.of(one) for one in slip.case.missing)))
    texts: dict[str, Any] = {
        "title": f"Обращение {row.number}",
        "under": f"зарегистрировано {moment(row.registered_at)}",
        "company": company_texts(slip.company),
        "rows": [{"name": name, "value": value} for name, value in rows],
        "code": shown_receipt_code(slip.receipt_code),
        "author": ", ".join(filter(None, (slip.position, slip.taken_by))),
    }
    return engine.pdf(TEMPLATE, cleaned(texts), made_at=at)
