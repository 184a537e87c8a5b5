"""Templates of answers: who answers reads them, supervisors write them; each text has its days and its history."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.access.rules import Right
from svet.domains.cases import actions, queries
from svet.infra import clock
from svet.kernel.errors import DomainError, NotFound
from svet.surfaces.desk.answer_forms import TemplateForm
from svet.surfaces.desk.answer_words import FIELDS
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs, person


@require_safe
@needs(Right.ANSWER_CASES)
def answer_templates(request: HttpRequest) -> HttpResponse:
    """Show the templates in force and those to come."""
    return render(request, "desk/answer_templates.html", {"templates": queries.templates(on=clock.today())})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.KEEP_TEMPLATES)
def new_template(request: HttpRequest) -> HttpResponse:
    """Add a template."""
    now, today = clock.now(), clock.today()
    data = request.POST if request.method == "POST" else None
    form = TemplateForm(data, subjects=queries.subjects(today), on=today, shown=None)
    if request.method == "POST" and form.is_valid():
        from_on = form.cleaned_data["from_on"]
        try:
            actions.new_template(form.given, from_on=from_on, by=person(request).user_id, at=now)
        except DomainError as error:
            form.add_error("text" if error.code == "unknown_fields" else None, messages.of_error(error))
        else:
            flash.success(request, "Шаблон добавлен.", extra_tags="good")
            return redirect("desk:answer_templates")
    context = {"form": form, "fields": FIELDS.items()}
    return render(request, "desk/answer_template.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.KEEP_TEMPLATES)
def answer_template(request: HttpRequest, template_id: int) -> HttpResponse:
    """Show a template with its earlier texts and give it another from a day on."""
    now, today = clock.now(), clock.today()
    shown = queries.template(template_id)
    data = request.POST if request.method == "POST" else None
    form = TemplateForm(data, subjects=queries.subjects(today), on=max(today, shown.valid.start), shown=shown)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        who = person(request).user_id
        try:
            actions.change_template(
                template_id, form.given, from_on=given["from_on"], reason=given["reason"], by=who, at=now
            )
        except NotFound:
            raise
        except DomainError as error:
            form.add_error("text" if error.code == "unknown_fields" else None, messages.of_error(error))
        else:
            flash.success(request, "Шаблон изменён.", extra_tags="good")
            return redirect("desk:answer_templates")
    context = {"form": form, "fields": FIELDS.items(), "shown": shown, "texts": queries.template_history(shown.code)}
    return render(request, "desk/answer_template.html", context, status=422 if form.errors else 200)
