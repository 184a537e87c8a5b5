"""Reference data of calculation: the calendar and the names of territories are kept here, norms and VAT are shown.

Prices and policies have their own actions at the desk. Norms and VAT change what was charged: they come by a load.
"""

from django.contrib import admin

from svet.domains.tariffs.models import ConsumptionNorm, DayOff, SocialNorm, Territory, VatRate
from svet.infra.reference import ReferenceAdmin

_PAPERS = {"valid": "действует", "order_number": "приказ", "source": "источник", "territory": "территория"}


@admin.register(DayOff)
class DayOffAdmin(ReferenceAdmin):
    words = {"one": "нерабочий день", "many": "производственный календарь", "on": "день", "note": "пояснение"}
    adds = changes = deletes = True
    fixed = ("on",)
    list_display = ("on", "note")
    date_hierarchy = "on"
    ordering = ("-on",)


@admin.register(Territory)
class TerritoryAdmin(ReferenceAdmin):
    words = {"one": "территория", "many": "территории", "code": "код", "name": "название"}
    changes = True
    fixed = ("code",)
    list_display = ("code", "name")
    ordering = ("code",)


@admin.register(SocialNorm)
class SocialNormAdmin(ReferenceAdmin):
    words = _PAPERS | {
        "one": "социальная норма",
        "many": "социальные нормы",
        "category": "категория",
        "privileged": "льготная",
        "persons": "человек",
        "kwh": "кВт·ч",
        "kwh_each_next": "кВт·ч на каждого следующего",
    }
    list_display = ("territory", "category", "privileged", "persons", "kwh", "kwh_each_next", "valid")
    list_filter = ("territory", "category")
    ordering = ("territory", "category", "privileged", "persons")


@admin.register(ConsumptionNorm)
class ConsumptionNormAdmin(ReferenceAdmin):
    words = _PAPERS | {
        "one": "норматив потребления",
        "many": "нормативы потребления",
        "rooms": "комнат",
        "persons": "человек",
        "electric_stove": "электроплита",
        "electric_heating": "электроотопление",
        "kwh_per_person": "кВт·ч на человека",
    }
    list_display = ("territory", "rooms", "persons", "electric_stove", "electric_heating", "kwh_per_person", "valid")
    list_filter = ("territory", "electric_stove")
    ordering = ("territory", "electric_stove", "rooms", "persons")


@admin.register(VatRate)
class VatRateAdmin(ReferenceAdmin):
    words = _PAPERS | {"one": "ставка НДС", "many": "ставки НДС", "percent": "процент"}
    list_display = ("percent", "valid", "source")
    ordering = ("-valid",)
