"""The verbs of debts: computing and accruing penalties, keeping their dated terms."""

from svet.domains.debts.actions.accruing import accrue_shard
from svet.domains.debts.actions.reference import confirm_key_rates, load_reference, set_key_rate
from svet.domains.debts.actions.runs import accrue_account, finish_penalties, start_penalties

__all__ = [
    "accrue_account",
    "accrue_shard",
    "confirm_key_rates",
    "finish_penalties",
    "load_reference",
    "set_key_rate",
    "start_penalties",
]
