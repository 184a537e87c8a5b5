"""Tariffs: what changes when, drafts with what they would change, publication."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from svet.domains.access.rules import Right
from svet.domains.tariffs import actions as tariffs
from svet.domains.tariffs import queries
from svet.domains.tariffs.actions import TariffRefused
from svet.flows import tariff_pages
from svet.infra import clock
from svet.kernel.errors import DomainError, NotFound
from svet.surfaces.desk.tariff_forms import DraftForm
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs


@require_safe
@needs(Right.PUBLISH_TARIFFS)
def tariff_calendar(request: HttpRequest) -> HttpResponse:
    """Show what changes when, the price lists in force, the drafts."""
    return render(request, "desk/tariffs.html", {"page": tariff_pages.calendar(on=clock.today())})


@require_safe
@needs(Right.PUBLISH_TARIFFS)
def tariff_version(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show one version beside the one before it, and what keeps a draft from being published."""
    return render(request, "desk/tariff_version.html", {"page": tariff_pages.version(version_id)})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.PUBLISH_TARIFFS)
def draft_tariff(request: HttpRequest, tariff_code: str) -> HttpResponse:
    """Ask for a new version of a price list, filled in with the latest prices; write it down as a draft."""
    base = queries.latest_version(tariff_code)
    form = DraftForm(request.POST or None, base=base)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        version_id = tariff_pages.draft_after(
            base,
            rates=form.rates,
            bounds=form.bounds,
            period=form.period,
            order_number=given["order_number"],
            order_on=given["order_on"],
            source=given["source"],
            note=given["note"],
            at=clock.now(),
        )
        return redirect("desk:tariff_version", version_id=version_id)
    return render(request, "desk/draft_tariff.html", {"form": form, "base": base}, status=422 if form.errors else 200)


@require_POST
@needs(Right.PUBLISH_TARIFFS)
def publish_tariff(request: HttpRequest, version_id: int) -> HttpResponse:
    """Put a draft in force; the findings that forbid it stand on its page."""
    try:
        tariffs.publish_version(version_id, at=clock.now())
    except NotFound:
        raise
    except TariffRefused:
        flash.error(request, "Тариф не опубликован: сначала исправьте то, что отмечено.", extra_tags="bad")
    except DomainError as error:
        flash.error(request, messages.of_error(error), extra_tags="bad")
    else:
        flash.success(request, "Тариф опубликован. Счета будут считаться по нему с его первого дня.", extra_tags="good")
    return redirect("desk:tariff_version", version_id=version_id)


@require_POST
@needs(Right.PUBLISH_TARIFFS)
def discard_tariff(request: HttpRequest, version_id: int) -> HttpResponse:
    """Throw a draft away."""
    try:
        tariffs.discard_draft(version_id, at=clock.now())
    except NotFound:
        raise
    except DomainError as error:
        flash.error(request, messages.of_error(error), extra_tags="bad")
        return redirect("desk:tariff_version", version_id=version_id)
    flash.success(request, "Черновик удалён.", extra_tags="good")
    return redirect("desk:tariffs")
