"""An operator's window: sit down, call, begin, hold, send on, finish; the visitor's account once he is identified.

One address: the page shows what can be done now, and each button says what it does.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from svet.domains.access.rules import Right
from svet.domains.cases import queries as cases
from svet.domains.cases.rules.contacts import Settled, Subject
from svet.domains.visits import actions as visits
from svet.flows import finding, hall_window
from svet.flows.hall_window import WindowPage
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.desk.door import entry
from svet.surfaces.desk.forms import FindForm
from svet.surfaces.desk.window_forms import FinishForm, PauseForm, ServicesForm, TransferForm
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person

MOST_FOUND = 6


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.OPEN_ACCOUNTS)
def window(request: HttpRequest) -> HttpResponse:
    """Show the window and do what a button says."""
    who, now = person(request), clock.now()
    page = hall_window.window_page(who.user_id, at=now, office_code=request.GET.get("office", ""))
    forms = _forms(request, page)
    if request.method == "POST":
        try:
            if _do(request, page, forms):
                return redirect("desk:window")
        except DomainError as error:
            flash.warning(request, messages.of_error(error))
            return redirect("desk:window")
    contact = cases.running(who.user_id)
    number = contact.number if contact else ""
    held = entry(request, number) if number else None
    text = request.GET.get("q", "").strip()[:120]
    context = {
        "page": page,
        **forms,
        "contact": contact,
        "caller": hall_window.customer_at_window(number, held=held, user_id=who.user_id, roles=who.roles, at=now),
        "find": FindForm({"q": text}),
        "text": text,
        "found": finding.find(text, limit=MOST_FOUND) if text and held is None else None,
        "now": now,
    }
    wrong = any(form.errors for form in forms.values() if form is not None)
    return render(request, "desk/window.html", context, status=422 if wrong else 200)


def _forms(request: HttpRequest, page: WindowPage) -> dict[str, FinishForm | TransferForm | PauseForm | ServicesForm]:
    done = request.POST.get("do")

    def given(name: str) -> QueryDict | None:
        return request.POST if done == name else None

    return {
        "finish": FinishForm(given("finish"), subject=page.ticket.subject if page.ticket else ""),
        "transfer": TransferForm(given("transfer"), services=page.services, windows=page.others),
        "pause": PauseForm(given("pause")),
        "chosen": ServicesForm(given("services"), services=page.services, chosen=page.duty.series if page.duty else ()),
    }


def _do(request: HttpRequest, page: WindowPage, forms: dict) -> bool:
    """Do what was pressed; False: the form is wrong and is shown again."""
    what = request.POST.get("do", "")
    if what in _PLAIN:
        _PLAIN[what](request)
        return True
    form = forms.get({"services": "chosen"}.get(what, what))
    if form is None or not form.is_valid():
        return form is None
    user_id, now, data = person(request).user_id, clock.now(), form.cleaned_data
    if what == "finish":
        subjects = [Subject(one) for one in data["subjects"]]
        done = hall_window.finish_visit(
            user_id, subjects=subjects, settled=Settled(data["settled"]), note=data["note"], at=now
        )
        flash.success(request, f"Приём по талону {done.label} завершён.", extra_tags="good")
    elif what == "transfer":
        hall_window.transfer_visit(user_id, series=data["series"], window=data["window"], note=data["note"], at=now)
        flash.success(request, "Посетитель передан и ждёт вызова.", extra_tags="good")
    elif what == "pause":
        visits.pause(user_id, why=data["why"], at=now)
    else:
        visits.change_services(user_id, data["services"], at=now)
    return True


def _sit(request: HttpRequest) -> None:
    number = request.POST.get("window", "")
    visits.sit_down(int(number) if number.isdigit() else 0, operator_id=person(request).user_id, at=clock.now())


def _next(request: HttpRequest) -> None:
    if visits.call_next(person(request).user_id, at=clock.now()) is None:
        flash.info(request, "Сейчас для вашего окна никто не ждёт.")


def _back(request: HttpRequest) -> None:
    visits.come_back(request.POST.get("code", ""), at=clock.now(), by=person(request).user_id)


_PLAIN: dict[str, Callable[[HttpRequest], object]] = {
    "sit": _sit,
    "next": _next,
    "back": _back,
    "recall": lambda request: visits.recall(person(request).user_id, at=clock.now()),
    "begin": lambda request: hall_window.begin_visit(person(request).user_id, at=clock.now()),
    "miss": lambda request: visits.miss(person(request).user_id, at=clock.now()),
    "hold": lambda request: hall_window.hold_visit(person(request).user_id, at=clock.now()),
    "resume": lambda request: visits.resume(person(request).user_id, at=clock.now()),
    "leave": lambda request: visits.leave(person(request).user_id, at=clock.now()),
}
