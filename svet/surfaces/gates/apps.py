from django.apps import AppConfig

from svet.flows import register_formats
from svet.surfaces.gates.osmp.reconciliation import parse_reconciliation
from svet.surfaces.gates.sberbank.parse import parse_register


class GatesConfig(AppConfig):
    name = "svet.surfaces.gates"
    label = "gates"

    def ready(self) -> None:
        """Teach the formats of registries to the flows."""
        register_formats.teach("sberbank", parser=parse_register)
        register_formats.teach("osmp", parser=parse_reconciliation, compared=True)
