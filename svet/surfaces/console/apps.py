from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "svet.surfaces.console"
    label = "console"
