"""The site of reference data: Django's admin behind the doors of the desk, for those whose right it is.

It has no sign-in of its own (the middleware asks for ours with the second factor), and no page about people.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper, wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from svet.domains.access.rules import Right, may
from svet.infra.reference import ReferenceAdmin

View = Callable[..., HttpResponse]


class ReferenceSite(AdminSite):
    """Directories and calendars; who may not keep them gets 403 on every page."""

    site_header = site_title = "Справочники"
    index_title = "Что можно посмотреть и поправить"
    site_url = None
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take in reference data only: what libraries bring for their tables of people and sessions stays outside."""
        if admin_class is not None and issubclass(admin_class, ReferenceAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Say whether this person keeps reference data."""
        user = request.user
        return bool(user.is_authenticated and user.is_staff and may(user.roles, Right.KEEP_REFERENCE))

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # type: ignore[override]
        """Close `view` to everybody else; nobody is sent to a sign-in of the admin."""

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_permission(request):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return csrf_protect(guarded if cacheable else never_cache(guarded))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return the index, the tables and their groups: no sign-in, no passwords, no way out to anywhere."""
        tables: list[URLPattern | URLResolver] = [
            path(f"{model._meta.app_label}/{model._meta.model_name}/", include(table.urls))
            for model, table in self._registry.items()
        ]
        return [
            path("", self._page(self.index), name="index"),
            path("jsi18n/", self._page(self.i18n_javascript, cacheable=True), name="jsi18n"),
            *tables,
            path("<slug:app_label>/", self._page(self.app_index), name="app_list"),
        ]

    def _page(self, view: View, *, cacheable: bool = False) -> View:
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return self.admin_view(view, cacheable)(request, *args, **kwargs)

        return update_wrapper(page, view)
