"""The rulebook of a calculation: rules of readings, volumes, prices and findings (the whole: flows.rulebook)."""

from __future__ import annotations

from collections.abc import Iterable

from svet.domains.billing.rules.benefits import RULES as BENEFITS
from svet.domains.billing.rules.quality import RULES as QUALITY
from svet.domains.billing.rules.unmetered import RULES as UNMETERED
from svet.domains.houses.rules import FINDINGS as HOUSE_FINDINGS
from svet.domains.houses.rules import RULES as HOUSES
from svet.domains.metering.rules.reading_rules import RULES as READINGS
from svet.domains.metering.rules.volumes.rules import FINDINGS as VOLUME_FINDINGS
from svet.domains.metering.rules.volumes.rules import RULES as VOLUMES
from svet.domains.tariffs.rules.policies import POLICIES
from svet.domains.tariffs.rules.price_rules import FINDINGS as PRICE_FINDINGS
from svet.domains.tariffs.rules.price_rules import RULES as PRICES
from svet.kernel.rulebook import Rule, as_table

CHAPTERS: tuple[tuple[str, dict[str, Rule]], ...] = (
    ("Readings", READINGS),
    ("Volumes", VOLUMES),
    ("Prices", PRICES),
    ("Quality", QUALITY),
    ("Common needs", HOUSES),
    ("Findings of houses", HOUSE_FINDINGS),
    ("Benefits", BENEFITS),
    ("Unmetered use", UNMETERED),
    ("Findings of a calculation", VOLUME_FINDINGS | PRICE_FINDINGS),
)


def rulebook(chapters: Iterable[tuple[str, dict[str, Rule]]] = CHAPTERS) -> str:
    """Return the text of `docs/rulebook.md` with these chapters."""
    parts = [
        "# Rulebook\n",
        "Made by `svet rulebook` from the registries of rules; a test holds that the two agree. Sources are those of\n"
        "the project's notes, mostly secondary: where the act itself was not at hand, a policy makes it a switch.\n",
    ]
    for title, rules in chapters:
        parts.append(f"## {title}\n\n{as_table(rules.values())}")
    parts.append(f"## Policies of calculation\n\n{_policies()}")
    return "\n".join(parts)


def _policies() -> str:
    rows = [
        f"| {policy.name} | {policy.default} | {_allowed(policy.choices, policy.minimum, policy.maximum)} |"
        f" {policy.source} |"
        for policy in POLICIES
    ]
    return "\n".join(["| policy | default | allowed | source |", "| --- | --- | --- | --- |", *rows]) + "\n"


def _allowed(choices: tuple[str, ...], minimum: int, maximum: int) -> str:
    return ", ".join(choices) or f"{minimum} to {maximum}"
