"""What we take from Wagtail's workplace and what we add: our script in the place of inline ones, a shorter menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet

from svet.domains.access.rules import Right, may

FRESHNESS = "site-freshness"
HIDDEN = frozenset({"settings", "help"})


@hooks.register("insert_global_admin_js")
def start_choosers() -> SafeString:
    """Bring the script that starts the choosers of days."""
    return format_html('<script src="{}"></script>', static("editor/choosers.js"))


@hooks.register("insert_global_admin_css")
def fit_small_screens() -> SafeString:
    """Bring what lists of pages lack on a telephone."""
    return format_html('<link rel="stylesheet" href="{}">', static("editor/small.css"))


@hooks.register("register_admin_menu_item")
def way_to_the_desk() -> MenuItem:
    """Give the way back to the desk, to the list of what must be renewed."""
    return MenuItem("Свежесть сайта", reverse("desk:site_freshness"), name=FRESHNESS, icon_name="date", order=900)


@hooks.register("construct_main_menu")
def shorten_menu(request: HttpRequest, menu_items: list[Any]) -> None:
    """Leave out what nobody may open here."""
    hidden = HIDDEN if may(getattr(request.user, "roles", ()), Right.EDIT_CONTENT) else HIDDEN | {FRESHNESS}
    menu_items[:] = [item for item in menu_items if item.name not in hidden]


@hooks.register("construct_admin_api")
def stand_in_for_pictures(router: Any) -> None:
    """Give the address of pictures, which every page names: files answer, as there is no library of pictures."""
    router.register_endpoint("images", DocumentsAdminAPIViewSet)
