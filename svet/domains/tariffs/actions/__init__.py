"""What changes in prices and norms: drafts, publication, policies, and the load of the shipped reference data."""

from svet.domains.tariffs.actions.policies import set_policy
from svet.domains.tariffs.actions.reference import load_reference
from svet.domains.tariffs.actions.versions import (
    TariffRefused,
    define_tariff,
    define_territory,
    discard_draft,
    draft_version,
    publish_version,
)

__all__ = [
    "TariffRefused",
    "define_tariff",
    "define_territory",
    "discard_draft",
    "draft_version",
    "load_reference",
    "publish_version",
    "set_policy",
]
