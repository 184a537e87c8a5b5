"""Revisions: past months charged anew for many at once, counted and looked at before anything is posted."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from svet.domains.access.rules import Right
from svet.domains.billing import actions as billing
from svet.domains.billing import queries as charges
from svet.domains.billing.rules.revising import Impact, RevisionCause
from svet.flows import revision_pages, run_pages
from svet.infra import clock
from svet.kernel.energy import ConsumerCategory
from svet.kernel.errors import DomainError
from svet.kernel.money import from_kopecks
from svet.kernel.period import Month
from svet.surfaces.desk.revision_forms import RevisionForm, StageForm, TakeBackForm
from svet.surfaces.web import messages, words
from svet.surfaces.web.charts import Bar, Chart
from svet.surfaces.web.doors import needs, person
from svet.surfaces.web.templatetags.svet import rub


@never_cache
@require_safe
@needs(Right.RUN_BILLING)
def revisions(request: HttpRequest) -> HttpResponse:
    """Show the revisions, the latest first."""
    return render(request, "desk/revisions.html", {"revisions": charges.revisions()})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_BILLING)
def ask_revision(request: HttpRequest) -> HttpResponse:
    """Ask from which month, for whom and why; begin to count and go and watch it."""
    now = clock.now()
    form = RevisionForm(
        request.POST or None,
        initial=request.GET.dict(),
        months=run_pages.months_charged(on=now.date()),
        categories=[(one.value, words.of(one)) for one in ConsumerCategory],
    )
    if request.method == "POST" and form.is_valid():
        try:
            revision_id = billing.ask_revision(
                first_month=Month(form.cleaned_data["first_month"]),
                scope=form.scope,
                cause=RevisionCause(form.cleaned_data["cause"]),
                reason=form.cleaned_data["reason"],
                beyond_limit_reason=form.cleaned_data["beyond_limit_reason"],
                by=person(request).user_id,
                at=now,
            )
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            return redirect("desk:revision", revision_id=revision_id)
    return render(request, "desk/ask_revision.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_safe
@needs(Right.RUN_BILLING)
def revision(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Show one revision: what it would change for whom, and what may be done with it."""
    return _page(request, revision_id)


@never_cache
@require_safe
@needs(Right.RUN_BILLING)
def revision_progress(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Show the moving part alone, for a page that asks every two seconds; the end reloads the page."""
    found = charges.revision(revision_id)
    response = render(request, "desk/revision_progress.html", {"revision": found})
    if not found.is_moving:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@needs(Right.CLOSE_MONTH)
def release_revision(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Release the next stage."""
    form = StageForm(request.POST)

    def release() -> None:
        billing.release_revision(
            revision_id, percent=form.cleaned_data["percent"], by=person(request).user_id, at=clock.now()
        )

    return _done(request, revision_id, form, release, name="stage")


@require_POST
@needs(Right.CLOSE_MONTH)
def take_revision_back(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Take back all that was released."""
    form = TakeBackForm(request.POST)

    def take_back() -> None:
        billing.take_revision_back(
            revision_id, reason=form.cleaned_data["reason"], by=person(request).user_id, at=clock.now()
        )

    return _done(request, revision_id, form, take_back, name="take_back")


@require_POST
@needs(Right.RUN_BILLING)
def cancel_revision(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Give up a revision of which nothing was released."""
    billing.cancel_revision(revision_id, by=person(request).user_id, at=clock.now())
    return redirect("desk:revisions")


def _done(request: HttpRequest, revision_id: int, form: Form, act: Callable[[], None], *, name: str) -> HttpResponse:
    """Act when the form is sound, and show the page again; else with what is wrong."""
    if form.is_valid():
        try:
            act()
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            return redirect("desk:revision", revision_id=revision_id)
    return _page(request, revision_id, status=422, **{name: form})


def _page(request: HttpRequest, revision_id: int, *, status: int = 200, **forms: Form) -> HttpResponse:
    page = revision_pages.revision(revision_id)
    context: dict[str, Any] = {
        "page": page,
        "revision": page.revision,
        "problems": next(iter(forms.values()), None),
        "stage": StageForm(),
        "take_back": TakeBackForm(),
        "chart": _chart(page.impact) if page.impact and page.impact.changed else None,
    }
    return render(request, "desk/revision.html", {**context, **forms}, status=status)


def _chart(impact: Impact) -> Chart:
    """Return how many accounts will pay how much less, and how much more."""
    less, more, below = [], [], 0
    for bound, fewer, further in impact.classes:
        roubles = (bound or 0) // 100
        label = f"{roubles}" if bound else f"{below}+"
        name = f"от {below} до {roubles} ₽" if bound else f"больше {below} ₽"
        less.append(Bar(f"−{label}", f"меньше на {name}", Decimal(fewer), f"{fewer}", weak=True))
        more.append(Bar(label, f"больше на {name}", Decimal(further), f"{further}"))
        below = roubles or below
    return Chart(
        title="Скольким на сколько рублей изменится",
        description=f"Наибольшая разница {rub(from_kopecks(impact.largest_kop))}",
        unit="Лицевых счетов",
        bars=[*reversed(less), *more],
        top_label=str(max(max(fewer, further) for _, fewer, further in impact.classes)),
        strong_name="к доплате",
        weak_name="к возврату",
        name_heading="Разница",
        kind_heading="Куда",
    )
