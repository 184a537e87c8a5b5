from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "svet.domains.visits"
    label = "visits"
    verbose_name = "Очередь в офисах"
