from django.apps import AppConfig


class PaperConfig(AppConfig):
    name = "svet.surfaces.paper"
    label = "paper"
