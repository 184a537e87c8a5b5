"""Messages that people sent us: SMS with what was understood and answered."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from svet.domains.access.rules import Right
from svet.flows import incoming_pages
from svet.surfaces.web.doors import needs
from svet.surfaces.web.sms_words import STATES

FILTERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "": ("Все", ()),
    "taken": ("Приняты", ("taken",)),
    "asked": ("Ждём ответа", ("asked",)),
    "refused": ("Просили прислать заново", ("refused",)),
    "other": ("Прочие", ("new", "served", "dropped", "silent")),
}


@require_safe
@needs(Right.REVIEW_READINGS)
def incoming_sms(request: HttpRequest) -> HttpResponse:
    """Show the SMS that came, the latest first: of one fate, of one phone."""
    chosen = request.GET.get("state", "")
    chosen = chosen if chosen in FILTERS else ""
    phone = re.sub(r"\D", "", request.GET.get("phone", ""))[:15]
    page = incoming_pages.sms_page(states=FILTERS[chosen][1], phone=_searched(phone), page=_page(request))
    counts = {code: sum(page.counts.get(one, 0) for one in states or STATES) for code, (_, states) in FILTERS.items()}
    filters = [{"code": code, "title": title, "count": counts[code]} for code, (title, _) in FILTERS.items()]
    context = {"page": page, "phone": phone, "chosen": chosen, "filters": filters}
    return render(request, "desk/incoming_sms.html", context)


def _page(request: HttpRequest) -> int:
    number = request.GET.get("page", "")
    return int(number) if re.fullmatch(r"[0-9]{1,6}", number) else 1


def _searched(digits: str) -> str:
    """Return the digits as they are kept: 8 916… of people is 7 916… of the network."""
    return f"7{digits[1:]}" if re.fullmatch(r"8[0-9]{10}", digits) else digits
