from django.apps import AppConfig


class SupplyConfig(AppConfig):
    name = "svet.domains.supply"
    label = "supply"
    verbose_name = "Сети"
