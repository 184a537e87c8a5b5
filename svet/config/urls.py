"""All URLs of the installation. Each is public by the list in `public.py` or behind a door."""

from django.contrib import admin
from django.urls import include, path, re_path

from svet.surfaces.web import health
from svet.surfaces.website import written

handler500 = "svet.surfaces.web.errors.server_error"

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("", include("svet.surfaces.website.urls")),
    path("", include("svet.surfaces.web.urls")),
    path("cabinet/", include("svet.surfaces.cabinet.urls")),
    path("desk/reference/", admin.site.urls),
    path("desk/", include("svet.surfaces.desk.urls")),
    path("hall/", include("svet.surfaces.hall.urls")),
    path("gates/", include("svet.surfaces.gates.urls")),
    path("editor/", include("svet.surfaces.editor.urls")),
    path("files/<int:document_id>/<str:filename>", written.file, name="wagtaildocs_serve"),
    re_path(r"^((?:[a-z0-9-]+/)+)$", written.page, name="wagtail_serve"),  # last: every other page goes before
]
