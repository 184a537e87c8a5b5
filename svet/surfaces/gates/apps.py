from django.apps import AppConfig


class GatesConfig(AppConfig):
    name = "svet.surfaces.gates"
    label = "gates"
