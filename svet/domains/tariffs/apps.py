from django.apps import AppConfig


class TariffsConfig(AppConfig):
    name = "svet.domains.tariffs"
    label = "tariffs"
    verbose_name = "Тарифы и нормативы"
