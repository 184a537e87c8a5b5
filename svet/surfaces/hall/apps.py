from django.apps import AppConfig


class HallConfig(AppConfig):
    name = "svet.surfaces.hall"
    label = "hall"
    verbose_name = "Зал офиса"
