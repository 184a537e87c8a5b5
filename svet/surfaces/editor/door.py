"""The door of the editor: whose roles let him write or approve, with Wagtail's groups kept in step with them.

The middleware has asked for the sign-in and the second factor before. Pages of Wagtail that would manage people,
passwords or workflows do not exist here: the desk keeps people, `content.actions.prepare` keeps the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.clickjacking import xframe_options_sameorigin

from svet.domains.access.rules import Right, may
from svet.domains.content import actions as content

View = Callable[..., HttpResponseBase]

CLOSED = (
    "wagtailusers_",
    "wagtailadmin_password_reset",
    "wagtailadmin_login",
    "wagtailadmin_workflows",
    "wagtailadmin_collections",
    "wagtailadmin_error_test",
    "wagtailadmin_pages:set_privacy",
    "wagtailadmin_api",
)
"""Beginnings of names of pages that answer 404 to everybody."""
OURS = {"wagtailadmin_logout": "account_logout", "wagtailadmin_account": "account_home"}
"""Where pages of Wagtail about the person himself lead instead."""
READ_BY_SCRIPTS = ("wagtailadmin_api:pages:", "wagtailadmin_api:documents:")
"""What the editor's own scripts read: the tree of pages and the files."""

POLICY = {
    "script-src": [SELF],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-ancestors": [SELF],
    "object-src": [NONE],
}
"""Looser than elsewhere in two things: inline styles, which the text editor sets, and the preview in a frame."""


def editors_only(view: View) -> View:
    """Close a page of Wagtail to all but those who write or approve the site."""

    @csp_replace(POLICY)
    @xframe_options_sameorigin
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if not (user.is_authenticated and user.is_staff):
            raise PermissionDenied
        rights = {right for right in (Right.EDIT_CONTENT, Right.APPROVE_CONTENT) if may(user.roles, right)}
        if not rights or user.is_superuser:
            raise PermissionDenied
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name.startswith(CLOSED) and not name.startswith(READ_BY_SCRIPTS):
            raise Http404
        if name in OURS:
            return redirect(OURS[name])
        content.keep_groups(user.pk, rights=rights)
        return view(request, *args, **kwargs)

    guarded.right = Right.EDIT_CONTENT  # type: ignore[attr-defined]
    return guarded
