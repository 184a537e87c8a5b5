"""All URLs of the installation. Each is public by the list in `public.py` or behind a door."""

from django.urls import include, path

from svet.surfaces.web import health

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("accounts/", include("allauth.urls")),
]
