from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "svet.surfaces.desk"
    label = "desk"
