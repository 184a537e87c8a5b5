"""Pure rules of penalties: pieces of debts and dated terms in, exact penalties by intervals out."""

from __future__ import annotations

from enum import StrEnum


class RunState(StrEnum):
    """The life of a computation of penalties."""

    ACCRUING = "accruing"
    DONE = "done"
    FAILED = "failed"


class ShardState(StrEnum):
    """The life of a shard: any worker on any host may take a new one."""

    NEW = "new"
    TAKEN = "taken"
    DONE = "done"
    FAILED = "failed"


class Stage(StrEnum):
    """How far a debt is overdue: not at all, days 1 to 30, 31 to 90, from 91 on."""

    NOT_DUE = "not_due"
    FREE = "free"
    LOW = "low"
    HIGH = "high"
