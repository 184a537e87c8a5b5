"""The URL of the terminals' gate: one per source (agent)."""

from django.urls import path

from svet.surfaces.gates.osmp.views import terminal

urlpatterns = [path("<slug:source_code>/", terminal, name="osmp")]
