from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "svet.flows"
    label = "flows"
