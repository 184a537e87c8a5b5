from django.apps import AppConfig


class HallConfig(AppConfig):
    name = "svet.surfaces.hall"
    label = "hall"
