"""The company's names and bank details are kept here; offices and phones come from the Standard and are shown.

Of an office, what the Standard does not say is entered here: where it stands and how it is equipped.
"""

from django.contrib import admin

from svet.domains.offices.models import Company, CompanyPhone, Office, PaymentPlace
from svet.domains.offices.rules.facts import CONTACT_NAMES
from svet.infra.reference import ReferenceAdmin


@admin.register(Company)
class CompanyAdmin(ReferenceAdmin):
    words = {
        "one": "сведения о компании",
        "many": "сведения о компании",
        "name": "полное название",
        "short_name": "короткое название",
        "inn": "ИНН",
        "kpp": "КПП",
        "bank_name": "банк",
        "bic": "БИК",
        "settlement_account": "расчётный счёт",
        "correspondent_account": "корреспондентский счёт",
        "postal_address": "почтовый адрес",
        "email": "почта",
        "website": "сайт",
        "readings_url": "страница передачи показаний",
        "payment_url": "страница оплаты",
        "feedback_url": "страница обращений",
        "cabinet_url": "личный кабинет",
        "offices_url": "страница офисов",
        "valid": "действует",
    }
    changes = True
    fixed = (*CONTACT_NAMES, "valid")
    list_display = ("short_name", "inn", "valid")


@admin.register(Office)
class OfficeAdmin(ReferenceAdmin):
    words = {
        "one": "офис",
        "many": "офисы",
        "code": "код",
        "order": "порядок",
        "postal_code": "индекс",
        "settlement": "населённый пункт",
        "street_address": "улица и дом",
        "latitude": "широта, градусы",
        "longitude": "долгота, градусы",
        "precision": "на что указывает координата",
        "place_source": "откуда координата",
        "ramp": "пандус",
        "air_conditioning": "кондиционер",
        "ground_floor": "первый этаж",
        "stop_nearby": "остановка рядом",
        "parking": "парковка",
        "fire_safety": "пожарная безопасность",
        "features_source": "откуда сведения об оснащении",
    }
    changes = True
    fixed = ("code", "order", "postal_code", "settlement", "street_address")
    list_display = ("order", "postal_code", "settlement", "street_address")
    ordering = ("order",)


@admin.register(CompanyPhone)
class CompanyPhoneAdmin(ReferenceAdmin):
    words = {
        "one": "телефон компании",
        "many": "телефоны компании",
        "audience": "для кого",
        "number": "номер",
        "order": "порядок",
        "from_weekday": "с дня недели",
        "until_weekday": "по день недели",
        "opens_at": "с",
        "closes_at": "до",
    }
    list_display = ("audience", "number", "from_weekday", "until_weekday", "opens_at", "closes_at")
    ordering = ("audience", "order")


@admin.register(PaymentPlace)
class PaymentPlaceAdmin(ReferenceAdmin):
    words = {
        "one": "место приёма платежей другой организации",
        "many": "места приёма платежей других организаций",
        "company": "кто принимает",
        "settlement": "населённый пункт",
        "street_address": "улица и дом",
        "hours": "часы работы",
        "fee": "комиссия",
        "valid": "действует",
        "source": "откуда сведения",
    }
    adds = changes = deletes = True
    list_display = ("company", "settlement", "street_address", "valid")
    ordering = ("settlement", "street_address", "company")
