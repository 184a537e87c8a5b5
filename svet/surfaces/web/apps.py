from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "svet.surfaces.web"
    label = "web"
