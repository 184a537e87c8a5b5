"""How the services are now, from real checks, for everybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from svet.domains.supply import queries as places
from svet.flows import service_status
from svet.infra import clock
from svet.surfaces.web.channels import way_rows

NAMES = {
    "site": "Сайт и личный кабинет",
    "work": "Расчёты, счета и рассылка сообщений",
    service_status.SMS: "Показания по СМС",
    service_status.MAIL: "Обращения по электронной почте",
    service_status.LETTERS: "Письма от нас на электронную почту",
    service_status.TEXTS: "СМС от нас",
    service_status.RECEIPTS: "Чеки наших касс",
    service_status.GIS: "Обмен с ГИС ЖКХ",
}


@never_cache
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Show each service and whether it keeps up, where supply fails now, each way of giving readings, paying and
    appealing (clause M5).
    """
    now = clock.now()
    services = [(NAMES[one.code], one) for one in service_status.statuses(at=now)]
    context = {"services": services, "now": now, "ways": way_rows(), "failing": places.all_ongoing()}
    return render(request, "website/status.html", context)
