"""What every page needs: the installation's name and the company's contacts (clause R2)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from svet.domains.offices import queries as offices
from svet.infra import clock
from svet.surfaces.web import themes

SITE_NAME = "Свет"


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the names that the base template uses; the company is read only by pages that show it."""
    return {
        "site_name": SITE_NAME,
        "company": SimpleLazyObject(lambda: offices.company(on=clock.today())),
        "theme": themes.theme_of(request),
        "looks": themes.choices_of(request),
        "look_classes": themes.classes_of(request),
        "for_weak_sight": themes.is_for_weak_sight(request),
    }
