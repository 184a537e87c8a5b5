"""The queue of an office: its words, the order of calls, how long one waits, times to book. Pure."""

from svet.domains.visits.rules.words import (
    ACTIVE,
    ON_THE_BOARD,
    Came,
    DeviceKind,
    Happened,
    RatedBy,
    Reason,
    State,
    label,
)

__all__ = ["ACTIVE", "ON_THE_BOARD", "Came", "DeviceKind", "Happened", "RatedBy", "Reason", "State", "label"]
