"""The public site."""

from django.urls import path

from svet.surfaces.website import views

app_name = "website"
urlpatterns = [
    path("", views.home, name="home"),
    path("contacts/", views.contacts, name="contacts"),
    path("offices/", views.offices, name="offices"),
    path("check/", views.check, name="check"),
    path("tariffs/", views.tariffs, name="tariffs"),
]
