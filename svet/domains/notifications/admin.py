"""Quiet hours: kept here with their days and the paper they rest on. Messages that wait already keep their moment."""

from django.contrib import admin

from svet.domains.notifications.models import QuietHours
from svet.infra.reference import ReferenceAdmin


@admin.register(QuietHours)
class QuietHoursAdmin(ReferenceAdmin):
    words = {
        "one": "тихие часы",
        "many": "тихие часы (когда СМС ждут)",
        "begins": "с",
        "ends": "до",
        "valid": "действует",
        "source": "источник",
    }
    adds = changes = True
    fixed = ("begins", "ends")
    list_display = ("begins", "ends", "valid", "source")
    ordering = ("-valid",)
