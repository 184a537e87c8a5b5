"""The URL of Kannel's reports."""

from django.urls import path

from svet.surfaces.gates.sms.views import report

urlpatterns = [path("report/<str:signed>/", report, name="sms_report")]
