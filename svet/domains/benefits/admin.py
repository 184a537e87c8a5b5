"""Kinds of benefits: their names, laws and terms are reference data. What others were charged by is never changed."""

from django.contrib import admin

from svet.domains.benefits.models import BenefitKind
from svet.infra.reference import ReferenceAdmin


@admin.register(BenefitKind)
class BenefitKindAdmin(ReferenceAdmin):
    words = {
        "one": "вид льготы",
        "many": "виды льгот",
        "code": "код",
        "name": "название",
        "law": "закон",
        "papers": "какими документами подтвердить",
        "source": "источник",
        "valid": "действует",
        "form": "форма",
        "covers": "на что",
        "percent": "процент",
        "kwh": "кВт·ч в месяц",
        "roubles": "рублей в месяц",
        "is_per_person": "на каждого человека",
        "is_share": "только доля льготника",
    }
    adds = changes = True
    fixed = ("code", "form", "covers", "percent", "kwh", "roubles", "is_per_person", "is_share")
    list_display = ("name", "law", "form", "percent", "kwh", "roubles", "valid")
    ordering = ("name", "valid")
