"""URLs of the outside systems. Each gate has a door of its own (door.py): networks, a password, or both."""

from django.urls import include, path

app_name = "gates"
urlpatterns = [
    path("osmp/", include("svet.surfaces.gates.osmp.urls")),
    path("sms/", include("svet.surfaces.gates.sms.urls")),
]
