from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "svet.domains.content"
    label = "content"
    verbose_name = "Материалы сайта"
