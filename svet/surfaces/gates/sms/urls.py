"""The URLs at which Kannel reports and brings SMS."""

from django.urls import path

from svet.surfaces.gates.sms.views import incoming, report

urlpatterns = [
    path("report/<str:signed>/", report, name="sms_report"),
    path("in/<str:external_id>/", incoming, name="sms_in"),
]
