"""The supervisor's hall: who waits and how long, windows, services, devices; each intervention says why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.access import queries as access
from svet.domains.access.rules import Right
from svet.domains.cases import queries as cases
from svet.domains.cases.rules.contacts import ContactChannel
from svet.domains.offices import queries as offices
from svet.domains.visits import actions as visits
from svet.domains.visits import queries
from svet.domains.visits.rules import DeviceKind
from svet.flows import hall_window
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.kernel.period import Period
from svet.surfaces.desk.service_forms import QueueDaysForm
from svet.surfaces.desk.window_forms import CloseServiceForm, DeviceForm, NewWindowForm, ReasonForm, SkillsForm
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person


@never_cache
@require_safe
@needs(Right.MANAGE_HALL)
def halls(request: HttpRequest) -> HttpResponse:
    """Show the offices, those with a queue first; go straight to the supervisor's own."""
    own = access.office_of(person(request).user_id)
    if own and "all" not in request.GET:
        return redirect("desk:hall", code=own)
    run = queries.offices_with_windows()
    context = {"offices": sorted(offices.directory(), key=lambda one: one.code not in run), "run": run}
    return render(request, "desk/halls.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_HALL)
def hall(request: HttpRequest, code: str) -> HttpResponse:
    """Show the hall of an office and do what a button says."""
    now = clock.now()
    page = hall_window.hall_page(code, at=now)
    done = request.POST.get("do", "") if request.method == "POST" else ""
    forms = {
        "first": ReasonForm(request.POST if done == "first" else None),
        "away": ReasonForm(request.POST if done == "away" else None),
        "close": CloseServiceForm(
            request.POST if done == "close" else None, services=page.services, today=clock.today()
        ),
        "device": DeviceForm(request.POST if done == "device" else None, windows=page.windows),
        "skills": SkillsForm(request.POST if done == "skills" else None, windows=page.windows, services=page.services),
        "window": NewWindowForm(request.POST if done == "window" else None),
    }
    if done:
        form = forms.get(done)
        try:
            if (form is None or form.is_valid()) and done in _DOES:
                told = _DOES[done](request, code, form.cleaned_data if form else {})
                if told:
                    flash.success(request, told, extra_tags="good")
                return redirect("desk:hall", code=code)
        except DomainError as error:
            flash.warning(request, messages.of_error(error))
            return redirect("desk:hall", code=code)
    wrong = any(form.errors for form in forms.values())
    return render(request, "desk/hall.html", {"page": page, "now": now, **forms}, status=422 if wrong else 200)


@never_cache
@require_safe
@needs(Right.MANAGE_HALL)
def ticket_story(request: HttpRequest, code: str, ticket_id: int) -> HttpResponse:
    """Show all that happened to a ticket, why it was called when it was, its contacts with their cases, its rating."""
    page = hall_window.visit_page(code, ticket_id, user_id=person(request).user_id)
    context = {
        "ticket": page.ticket,
        "story": page.story,
        "office": page.office,
        "contacts": page.contacts,
        "rating": page.rating,
    }
    return render(request, "desk/ticket_story.html", context)


@never_cache
@require_safe
@needs(Right.SEE_SERVICE_FIGURES)
def queue_report(request: HttpRequest) -> HttpResponse:
    """Show waits, service times by service and subject, ratings by way; of one office or of all."""
    known = offices.directory()
    form = QueueDaysForm(request.GET or None, today=clock.today(), offices=known)
    first, last = form.days
    code, target = form.chosen_office(), queries.rules_on(last).target
    of_offices, of_services = queries.wait_figures(since=first, until=last, target=target, office_code=code)
    visited = cases.service_figures(from_on=first, to_on=last, channel=ContactChannel.VISIT, office_code=code)
    ways, said = queries.ratings(since=first, until=last, office_code=code)
    names = {one.code: one.name for one in known}
    context = {
        "form": form,
        "offices": [(names.get(one.office_code, one.office_code), one) for one in of_offices],
        "services": of_services,
        "subjects": visited.subjects,
        "ways": ways,
        "said": [(names.get(one.office_code, one.office_code), one) for one in said],
        "target": target,
        "first": first,
        "last": last,
    }
    return render(request, "desk/queue_report.html", context, status=422 if form.errors else 200)


def _number(request: HttpRequest, name: str) -> int:
    given = request.POST.get(name, "")
    return int(given) if given.isdigit() else 0


def _first(request: HttpRequest, code: str, given: dict) -> str:
    visits.put_first(
        _number(request, "ticket"), office_code=code, why=given["why"], by=person(request).user_id, at=clock.now()
    )
    return "Посетитель пропущен вперёд."


def _away(request: HttpRequest, code: str, given: dict) -> str:
    visits.send_away(
        _number(request, "window_id"), office_code=code, why=given["why"], by=person(request).user_id, at=clock.now()
    )
    return "Окно освобождено, посетитель вернулся в начало очереди."


def _close(request: HttpRequest, code: str, given: dict) -> str:
    last = given["last_on"]
    days = Period(given["first_on"], last and last + timedelta(days=1))
    visits.close_service(code, given["series"], days=days, why=given["why"], at=clock.now())
    return "В эти дни талонов на услугу не будет. Тем, кто записан, напишем и предложим другое время."


def _reopen(request: HttpRequest, code: str, given: dict) -> str:
    visits.reopen_service(_number(request, "closing"), office_code=code, at=clock.now())
    return "Услугу снова оказываем. Тем, чья запись опять в силе, напишем."


def _device(request: HttpRequest, code: str, given: dict) -> str:
    kind = DeviceKind(given["kind"])
    secret = visits.make_device(code, kind, name=given["name"], at=clock.now(), window=given["window"])
    address = request.build_absolute_uri(reverse(f"hall:{kind.value}", kwargs={"device": secret}))
    return f"Откройте на устройстве этот адрес, больше он не покажется: {address}"


def _end(request: HttpRequest, code: str, given: dict) -> str:
    visits.end_device(_number(request, "device_id"), office_code=code, at=clock.now())
    return "Адрес устройства больше не действует."


def _skills(request: HttpRequest, code: str, given: dict) -> str:
    visits.change_window(given["at_window"], given["services"], office_code=code, why=given["why"], at=clock.now())
    return "Услуги окна изменены."


def _window(request: HttpRequest, code: str, given: dict) -> str:
    visits.make_window(code, given["number"], at=clock.now())
    return f"Окно № {given['number']} добавлено."


_DOES: dict[str, Callable[[HttpRequest, str, dict], str]] = {
    "first": _first,
    "away": _away,
    "close": _close,
    "reopen": _reopen,
    "device": _device,
    "end": _end,
    "skills": _skills,
    "window": _window,
}
