from django.apps import AppConfig


class OfficesConfig(AppConfig):
    name = "svet.domains.offices"
    label = "offices"
    verbose_name = "Компания и офисы"
