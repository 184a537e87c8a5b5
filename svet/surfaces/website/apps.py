from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    name = "svet.surfaces.website"
    label = "website"
