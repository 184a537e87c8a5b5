from django.apps import AppConfig


class CabinetConfig(AppConfig):
    name = "svet.surfaces.cabinet"
    label = "cabinet"
