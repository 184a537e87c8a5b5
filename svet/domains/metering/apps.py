from django.apps import AppConfig


class MeteringConfig(AppConfig):
    name = "svet.domains.metering"
    label = "metering"
