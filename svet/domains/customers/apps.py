from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "svet.domains.customers"
    label = "customers"
