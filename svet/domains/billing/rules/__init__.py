"""Pure rules of billing: rating of a month, frame to frame. Words used by all its modules are here."""

from enum import StrEnum


class RunKind(StrEnum):
    """What a run is for: a month of many accounts, or the last bill of one that leaves within the month."""

    REGULAR = "regular"
    FINAL = "final"


class RunState(StrEnum):
    """The life of a bill run."""

    NEW = "new"
    RATING = "rating"
    RATED = "rated"
    ISSUING = "issuing"
    CLOSED = "closed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ShardState(StrEnum):
    """The life of a shard: any worker on any host may take a new one."""

    NEW = "new"
    TAKEN = "taken"
    DONE = "done"
    FAILED = "failed"


class IssueState(StrEnum):
    """The life of a parked account."""

    PARKED = "parked"
    SOLVED = "solved"


class Why(StrEnum):
    """What changed under months that are charged already."""

    RESIDENTS = "residents"
    HOUSE = "house"
    BENEFIT = "benefit"
    OUTAGE = "outage"
    CONDITION = "condition"
    APPEAL = "appeal"
