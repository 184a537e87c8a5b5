"""Reports of till shifts: a cashier sees his own, who oversees sees all."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from svet.domains.access.rules import Right
from svet.domains.payments import actions as payments
from svet.flows import till_pages
from svet.infra import clock
from svet.surfaces.paper.downloads import XLSX, attached
from svet.surfaces.paper.shift_book import workbook as shift_book
from svet.surfaces.paper.shift_report import render as shift_report_file
from svet.surfaces.web.doors import needs, person


@require_safe
@needs(Right.TAKE_MONEY)
def shift_report(request: HttpRequest, shift_id: int) -> HttpResponse:
    """Show the report of the cashier's own shift: X while it is open, Z when it is closed."""
    page = till_pages.shift_report(shift_id, at=clock.now(), cashier_id=person(request).user_id)
    return render(request, "desk/shift_report.html", {"page": page, "own": True})


@require_safe
@needs(Right.TAKE_MONEY)
def shift_report_pdf(request: HttpRequest, shift_id: int) -> HttpResponse:
    """Give that report to print."""
    page = till_pages.shift_report(shift_id, at=clock.now(), cashier_id=person(request).user_id)
    return _file(page)


@require_safe
@needs(Right.SEE_SERVICE_FIGURES)
def all_shifts(request: HttpRequest) -> HttpResponse:
    """Show the shifts of all tills."""
    return render(request, "desk/all_shifts.html", {"lines": till_pages.all_shifts(at=clock.now())})


@require_safe
@needs(Right.SEE_SERVICE_FIGURES)
def any_shift_report(request: HttpRequest, shift_id: int) -> HttpResponse:
    """Show the report of any shift."""
    page = till_pages.shift_report(shift_id, at=clock.now())
    return render(request, "desk/shift_report.html", {"page": page, "own": False})


@require_safe
@needs(Right.SEE_SERVICE_FIGURES)
def any_shift_report_pdf(request: HttpRequest, shift_id: int) -> HttpResponse:
    """Give the report of any shift to print."""
    return _file(till_pages.shift_report(shift_id, at=clock.now()))


@require_safe
@needs(Right.TAKE_MONEY)
def shift_report_xlsx(request: HttpRequest, shift_id: int) -> HttpResponse:
    """Give the report of the cashier's own shift as a spreadsheet."""
    return _book(till_pages.shift_report(shift_id, at=clock.now(), cashier_id=person(request).user_id))


@require_safe
@needs(Right.SEE_SERVICE_FIGURES)
def any_shift_report_xlsx(request: HttpRequest, shift_id: int) -> HttpResponse:
    """Give the report of any shift as a spreadsheet."""
    return _book(till_pages.shift_report(shift_id, at=clock.now()))


@require_POST
@needs(Right.TAKE_MONEY)
def print_x_report(request: HttpRequest, shift_id: int) -> HttpResponse:
    """Have the device print its own X report."""
    is_new = payments.print_x_report(shift_id, by=person(request).user_id, at=clock.now())
    text = "Касса печатает X-отчёт." if is_new else "X-отчёт уже ждёт печати."
    flash.success(request, text, extra_tags="good")
    return redirect("desk:shift_report", shift_id=shift_id)


def _book(page: till_pages.ReportPage) -> HttpResponse:
    shift = page.report.shift
    return attached(shift_book(page), name=f"shift-{shift.till_code}-{shift.number}.xlsx", content_type=XLSX)


def _file(page: till_pages.ReportPage) -> HttpResponse:
    shift = page.report.shift
    return attached(shift_report_file(page), name=f"shift-{shift.till_code}-{shift.number}.pdf")
