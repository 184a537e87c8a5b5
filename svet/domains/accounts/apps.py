from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "svet.domains.accounts"
    label = "accounts"
