"""The public site."""

from django.urls import path

from svet.surfaces.website import views

app_name = "website"
urlpatterns = [
    path("", views.home, name="home"),
    path("contacts/", views.contacts, name="contacts"),
    path("offices/", views.offices, name="offices"),
    path("check/", views.check, name="check"),
    path("readings/sms/", views.sms_readings, name="sms_readings"),
    path("readings/sms/leaflet/", views.sms_leaflet, name="sms_leaflet"),
    path("tariffs/", views.tariffs, name="tariffs"),
]
