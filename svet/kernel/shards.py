"""Into how large pieces the accounts of a run are cut."""

from __future__ import annotations

LARGEST = 25_000
"""Each piece has some fifty statements and six hundred steps of its own; beyond this they weigh little."""
SMALLEST = 500
AT_LEAST = 8


def fair_size(accounts: int) -> int:
    """Return how many accounts a shard has: enough shards for workers to share them evenly, none too large.

    >>> [fair_size(accounts) for accounts in (7, 20_000, 1_000_000)]
    [500, 2500, 25000]
    """
    return max(SMALLEST, min(LARGEST, -(-accounts // AT_LEAST)))
