"""Reads of debts and penalties: inputs of the engine, runs, pages of accounts, dated terms."""

from svet.domains.debts.queries.inputs import (
    KEY,
    Span,
    accounts_to_compute,
    accrued,
    compute,
    pieces_of,
    policies_on,
    standing,
)
from svet.domains.debts.queries.runs import (
    ParkedPenalty,
    PenaltyProgress,
    parked_penalties,
    penalties_of_month,
    penalty_progress,
    previewed,
    run_of_shard,
    unfinished_penalty_runs,
    waiting_shards,
)
from svet.domains.debts.queries.terms import (
    KeyRateView,
    MoratoriumView,
    RateCapView,
    TermsView,
    due_days,
    known_until,
    terms_view,
)

__all__ = [
    "KEY",
    "KeyRateView",
    "MoratoriumView",
    "ParkedPenalty",
    "PenaltyProgress",
    "RateCapView",
    "Span",
    "TermsView",
    "accounts_to_compute",
    "accrued",
    "compute",
    "due_days",
    "known_until",
    "parked_penalties",
    "penalties_of_month",
    "penalty_progress",
    "pieces_of",
    "policies_on",
    "previewed",
    "run_of_shard",
    "standing",
    "terms_view",
    "unfinished_penalty_runs",
    "waiting_shards",
]
