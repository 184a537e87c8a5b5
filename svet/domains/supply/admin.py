"""Grid companies: the one table of supply that is about nobody's home."""

from django.contrib import admin

from svet.domains.supply.models import NetworkOperator
from svet.infra.reference import ReferenceAdmin


@admin.register(NetworkOperator)
class NetworkOperatorAdmin(ReferenceAdmin):
    words = {
        "one": "сетевая организация",
        "many": "сетевые организации",
        "code": "код",
        "name": "название",
        "phone": "телефон",
    }
    adds = changes = True
    fixed = ("code",)
    list_display = ("code", "name", "phone")
    ordering = ("code",)
