from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    name = "svet.domains.benefits"
    label = "benefits"
