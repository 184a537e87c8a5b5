"""The verbs of metering: submit readings, review what is held, note what is billed."""

from svet.domains.metering.actions.billed import mark_billed, unmark_billed
from svet.domains.metering.actions.readings import SourceNeeded, submit_reading, submit_readings
from svet.domains.metering.actions.reviews import NotADecision, review_reading

__all__ = [
    "NotADecision",
    "SourceNeeded",
    "mark_billed",
    "review_reading",
    "submit_reading",
    "submit_readings",
    "unmark_billed",
]
