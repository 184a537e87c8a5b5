from django.apps import AppConfig


class TariffsConfig(AppConfig):
    name = "svet.domains.tariffs"
    label = "tariffs"
