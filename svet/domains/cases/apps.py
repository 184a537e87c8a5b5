from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "svet.domains.cases"
    label = "cases"
    verbose_name = "Обращения"
