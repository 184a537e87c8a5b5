from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "svet.domains.access"
    label = "access"
