from django.apps import AppConfig


class InfraConfig(AppConfig):
    name = "svet.infra"
    label = "infra"
    verbose_name = "Основа"
