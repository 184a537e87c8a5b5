"""Bill runs: start one, watch it, see what is parked and why, issue bills, close the month."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from svet.domains.access.rules import Right
from svet.domains.billing import actions as billing
from svet.flows import penalties, run_pages
from svet.infra import clock
from svet.kernel.errors import DomainError, NotFound
from svet.kernel.period import Month
from svet.surfaces.desk.forms import CloseForm, RunForm
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person


@require_safe
@needs(Right.RUN_BILLING)
def runs(request: HttpRequest) -> HttpResponse:
    """Show the runs, the latest first."""
    return render(request, "desk/runs.html", {"page": run_pages.overview(on=clock.today())})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_BILLING)
def start(request: HttpRequest) -> HttpResponse:
    """Ask for the month and the kind, start the run, go and watch it."""
    now = clock.now()
    months = run_pages.months_to_bill(on=now.date())
    form = RunForm(request.POST or None, months=months)
    if request.method == "POST" and form.is_valid():
        try:
            run_id = billing.start_run(
                month=form.chosen, dry=form.cleaned_data["kind"] == "dry", started_by=person(request).user_id, at=now
            )
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            return redirect("desk:run", run_id=run_id)
    return render(request, "desk/start_run.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_safe
@needs(Right.RUN_BILLING)
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show one run: how far it is, its totals, what is parked, what would change."""
    return render(request, "desk/run.html", {"page": run_pages.run(run_id, at=clock.now())})


@never_cache
@require_safe
@needs(Right.RUN_BILLING)
def progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show the moving part of a run alone, for a page that asks every two seconds; the end reloads the page."""
    page = run_pages.run(run_id, at=clock.now())
    response = render(request, "desk/run_progress.html", {"page": page})
    if not page.is_moving:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@needs(Right.RUN_BILLING)
def retry(request: HttpRequest, run_id: int, number: str) -> HttpResponse:
    """Calculate one parked account again."""
    try:
        solved = run_pages.retry(run_id, number=number, at=clock.now())
    except NotFound:
        raise
    except DomainError as error:
        flash.error(request, messages.of_error(error), extra_tags="bad")
    else:
        if solved:
            flash.success(request, f"Счёт {number} рассчитан.", extra_tags="good")
        else:
            flash.warning(request, f"Счёт {number} всё ещё нельзя рассчитать: причина ниже.", extra_tags="warn")
    return redirect("desk:run", run_id=run_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_BILLING)
def parked_cause(request: HttpRequest, run_id: int, cause: str) -> HttpResponse:
    """Show the accounts of a run that wait for one cause; let a worker calculate all of them again."""
    if request.method == "POST":
        try:
            count = run_pages.retry_cause(run_id, key=cause, by=person(request).user_id, at=clock.now())
        except NotFound:
            raise
        except DomainError as error:
            flash.warning(request, messages.of_error(error), extra_tags="warn")
        else:
            flash.success(request, f"Считаем снова: {count}. Страница покажет, сколько осталось.", extra_tags="good")
        return redirect("desk:parked_cause", run_id=run_id, cause=cause)
    return render(request, "desk/parked_cause.html", {"page": run_pages.cause(run_id, key=cause)})


@never_cache
@require_safe
@needs(Right.RUN_BILLING)
def parked_cause_progress(request: HttpRequest, run_id: int, cause: str) -> HttpResponse:
    """Show how many still wait, alone, for a page that asks every two seconds; the end reloads the page."""
    page = run_pages.cause(run_id, key=cause)
    response = render(request, "desk/parked_cause_progress.html", {"page": page})
    if not page.is_moving:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@needs(Right.RUN_BILLING)
def issue(request: HttpRequest, run_id: int) -> HttpResponse:
    """Number the bills of a rated run and let them be issued."""
    try:
        penalties.issue_bills(run_id, by=person(request).user_id, at=clock.now())
    except NotFound:
        raise
    except DomainError as error:
        flash.error(request, messages.of_error(error), extra_tags="bad")
    return redirect("desk:run", run_id=run_id)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CLOSE_MONTH)
def close(request: HttpRequest, month: Month) -> HttpResponse:
    """Show what closing checks, ask to confirm, close the month for ever."""
    page = run_pages.closing(month)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            billing.close_month(month, at=clock.now(), by=person(request).user_id, leave_parked=bool(page.parked))
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, "Месяц закрыт.", extra_tags="good")
            return redirect("desk:runs")
    return render(request, "desk/close_month.html", {"page": page, "form": form}, status=422 if form.errors else 200)
