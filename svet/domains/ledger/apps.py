from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "svet.domains.ledger"
    label = "ledger"
