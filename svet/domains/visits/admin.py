"""What is served in the halls, by which terms, who goes out of turn, which windows there are."""

from django.contrib import admin

from svet.domains.visits.models import HallTerms, Privilege, Series, Window
from svet.infra.reference import ReferenceAdmin


@admin.register(Series)
class SeriesAdmin(ReferenceAdmin):
    words = {
        "one": "услуга очереди",
        "many": "услуги очереди",
        "code": "код",
        "letter": "буква на талоне",
        "title": "название",
        "hint": "пояснение",
        "subject": "тема обслуживания",
        "audience": "для кого",
        "typical_minutes": "обычно занимает, минут",
        "bookable": "можно записаться",
        "slot_minutes": "шаг записи, минут",
        "places_per_slot": "мест на одно время",
        "order": "порядок",
        "active": "действует",
    }
    adds = changes = True
    fixed = ("code", "letter")
    list_display = ("letter", "title", "audience", "typical_minutes", "bookable", "active")
    ordering = ("order", "code")


@admin.register(HallTerms)
class HallTermsAdmin(ReferenceAdmin):
    words = {
        "one": "порядок очереди",
        "many": "порядок очереди",
        "valid": "действует",
        "first_run": "вызовов вне очереди подряд",
        "booked_run": "вызовов по записи подряд",
        "patience": "долгое ожидание, минут",
        "target": "цель ожидания, минут",
        "last_ticket": "последний талон до закрытия, минут",
        "missed_returns": "неявившийся может вернуться, минут",
        "ahead_days": "запись вперёд, дней",
        "book_at_least": "запись не позже чем за, минут",
        "comes_before": "по записи приходят раньше на, минут",
        "comes_after": "по записи опаздывают на, минут",
        "source": "основание",
    }
    adds = changes = True
    list_display = ("valid", "first_run", "booked_run", "patience", "target", "last_ticket")


@admin.register(Privilege)
class PrivilegeAdmin(ReferenceAdmin):
    words = {
        "one": "право пройти вне очереди",
        "many": "права пройти вне очереди",
        "code": "код",
        "title": "кого пропускают",
        "source": "основание",
        "order": "порядок",
        "active": "действует",
    }
    adds = changes = True
    fixed = ("code",)
    list_display = ("title", "source", "active")
    ordering = ("order", "code")


@admin.register(Window)
class WindowAdmin(ReferenceAdmin):
    words = {
        "one": "окно офиса",
        "many": "окна офисов",
        "office_code": "код офиса",
        "number": "номер окна",
        "series": "услуги (коды через запятую; пусто: все)",
        "active": "работает",
    }
    adds = changes = True
    fixed = ("office_code", "number")
    list_display = ("office_code", "number", "series", "active")
    ordering = ("office_code", "number")
