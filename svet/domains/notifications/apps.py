from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "svet.domains.notifications"
    label = "notifications"
    verbose_name = "Сообщения"
