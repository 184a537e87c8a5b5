"""The editor's addresses: Wagtail's own, each behind our door. What has no name there, has no address here."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import URLPattern, URLResolver
from wagtail.admin.urls import urlpatterns as of_wagtail
from wagtail.utils.urlpatterns import decorate_urlpatterns

from svet.surfaces.editor.door import editors_only


def _named(patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    return [one for one in patterns if isinstance(one, URLResolver) or one.name]


urlpatterns = decorate_urlpatterns(_named(of_wagtail), editors_only)
