from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "svet.domains.payments"
    label = "payments"
