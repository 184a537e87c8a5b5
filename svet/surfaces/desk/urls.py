"""The staff workplace. Every page says which right it needs (web/doors.py); the middleware lets in only staff."""

from django.urls import path

from svet.surfaces.desk import views
from svet.surfaces.web import converters  # noqa: F401 (teaches the parts of addresses)

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("find/", views.find, name="find"),
    path("accounts/<account:number>/why/", views.why, name="why"),
    path("readings/", views.held_readings, name="held_readings"),
    path("readings/<int:reading_id>/", views.review, name="review"),
    path("payments/", views.unidentified, name="unidentified"),
    path("payments/<int:payment_id>/assign/", views.assign, name="assign"),
    path("access-log/", views.access_log, name="access_log"),
]
