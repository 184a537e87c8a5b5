"""The rating of a month: whole tables in, whole tables out.

Volumes come from metering, prices from tariffs; here they meet and become charges. Nothing is read, nothing
is written, and no account is looped over. The lines of a charge add up to it, and its volumes to its lines.
"""

from __future__ import annotations

from svet.domains.billing.rules.frames import CHARGES, FINDINGS, LINES, VOLUMES, Inputs, Rated, empty
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.period import Month


def rate(inputs: Inputs, *, month: Month, policies: Policies) -> Rated:
    """Return the charges of `month` for all supplies of `inputs`, with their volumes, lines and findings."""
    return Rated(charges=empty(CHARGES), volumes=empty(VOLUMES), lines=empty(LINES), findings=empty(FINDINGS))
