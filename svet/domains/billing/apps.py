from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "svet.domains.billing"
    label = "billing"
