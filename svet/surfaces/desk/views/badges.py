"""The badge of a member of staff (clause O6): printed from his record, with a photo that is not kept."""

from __future__ import annotations

import structlog
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from svet.domains.access.rules import Right
from svet.domains.offices import queries as offices
from svet.flows import staff_pages
from svet.infra import clock
from svet.infra.file_kinds import FileRefused
from svet.surfaces.paper import badge as paper
from svet.surfaces.paper.downloads import attached
from svet.surfaces.paper.engine import TypesettingFailed
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs

log = structlog.get_logger("svet.desk")
MOST_BYTES = 10 * 1024 * 1024


class BadgeForm(forms.Form):
    """A photo for the badge, or none."""

    photo = forms.FileField(
        label="Фотография",
        help_text="JPEG или PNG, до 10 МБ. В системе не сохранится. Можно без неё",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,image/jpeg,image/png"}),
        error_messages={"empty": "Файл пуст: выберите другой", "invalid": "Выберите файл ещё раз"},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_STAFF)
def badge(request: HttpRequest, user_id: int) -> HttpResponse:
    """Ask for a photo and give the badge as a file."""
    who = staff_pages.member(user_id).member.person
    form = BadgeForm(request.POST, request.FILES) if request.method == "POST" else BadgeForm()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["photo"]
        try:
            if given is not None and given.size > MOST_BYTES:
                raise FileRefused("file_is_too_large", file=given.name, most_mb=MOST_BYTES >> 20)
            photo = b"" if given is None else paper.photo_of(given.read(), name=given.name)
            now = clock.now()
            file = paper.render(
                name=who.name,
                position=who.position,
                photo=photo,
                company=offices.company(now.astimezone(clock.MOSCOW).date()),
                made_at=now,
            )
        except FileRefused as error:
            form.add_error("photo", messages.of_error(error))
        except TypesettingFailed as error:
            log.error("paper_not_typeset", paper="badge", error=repr(error))
            form.add_error(None, "Бейдж сейчас сделать не получилось. Попробуйте позже.")
        else:
            return attached(file, name=f"badge-{user_id}.pdf")
    status = 422 if form.errors else 200
    return render(request, "desk/badge.html", {"form": form, "who": who}, status=status)
