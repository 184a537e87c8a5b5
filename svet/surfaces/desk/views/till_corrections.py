"""The correction receipt at the till: by a cashier for his own operation, by who oversees for anybody's."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods

from svet.domains.access.rules import Right
from svet.domains.payments import actions as payments
from svet.domains.payments.rules.tills import CorrectionType, Ground
from svet.flows import till_pages
from svet.flows.till_pages import OperationPage
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.desk.till_forms import CorrectionForm
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person

FIELDS = {
    "ground_day_is_wrong": "on",
    "ground_number_is_missing": "number",
    "ground_number_is_long": "number",
    "device_may_have_printed": "is_sure",
}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.TAKE_MONEY)
def correct_receipt(request: HttpRequest, operation_id: int) -> HttpResponse:
    """Make a correction receipt of the cashier's own operation that has no receipt."""
    page = till_pages.operation_page(operation_id, user_id=person(request).user_id)
    return _correcting(request, page, back=reverse("desk:till_operation", args=[operation_id]), others=False)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.UNDO_OPERATIONS)
def correct_any_receipt(request: HttpRequest, operation_id: int) -> HttpResponse:
    """Make a correction receipt of any cashier's operation that has no receipt."""
    page = till_pages.operation_page(operation_id, user_id=None)
    back = reverse("desk:any_shift_report", args=[page.row.shift.shift_id])
    return _correcting(request, page, back=back, others=True)


def _correcting(request: HttpRequest, page: OperationPage, *, back: str, others: bool) -> HttpResponse:
    initial = {"type": CorrectionType.OWN.value, "on": localtime(page.row.made_at).date()}
    form = CorrectionForm(request.POST or None, must_be_sure=page.must_be_sure, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            is_new = _corrected(request, form, operation_id=page.row.operation_id, others=others)
        except DomainError as error:
            field = FIELDS.get(error.code)
            form.add_error(field if field in form.fields else None, messages.of_error(error))
        else:
            text = "Касса печатает чек коррекции." if is_new else "Чек коррекции уже сделан."
            flash.success(request, text, extra_tags="good")
            return redirect(back)
    context = {"page": page, "form": form, "back": back}
    return render(request, "desk/correct_receipt.html", context, status=422 if form.errors else 200)


def _corrected(request: HttpRequest, form: CorrectionForm, *, operation_id: int, others: bool) -> bool:
    given = form.cleaned_data
    return payments.correct_receipt(
        operation_id,
        ground=Ground(CorrectionType(given["type"]), given["on"], given["number"]),
        reason=given["reason"],
        is_sure=given.get("is_sure", False),
        by=person(request).user_id,
        at=clock.now(),
        may_correct_others=others,
    )
