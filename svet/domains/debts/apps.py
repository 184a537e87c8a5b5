from django.apps import AppConfig


class DebtsConfig(AppConfig):
    name = "svet.domains.debts"
    label = "debts"
