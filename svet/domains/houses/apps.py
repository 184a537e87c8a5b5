from django.apps import AppConfig


class HousesConfig(AppConfig):
    name = "svet.domains.houses"
    label = "houses"
    verbose_name = "Дома"
