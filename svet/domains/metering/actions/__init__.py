"""The verbs of metering: submit readings, review what is held, change meters by acts, note what is billed."""

from svet.domains.metering.actions.acts import install_meter, remove_meter, replace_meter, seal_meter, verify_meter
from svet.domains.metering.actions.billed import mark_billed, unmark_billed
from svet.domains.metering.actions.conditions import ConditionRefused, lift_condition, record_condition
from svet.domains.metering.actions.hanging import ActValueOdd, ActValueRefused
from svet.domains.metering.actions.readings import OddReading, SourceNeeded, submit_reading, submit_readings
from svet.domains.metering.actions.reviews import NotADecision, review_reading
from svet.domains.metering.actions.undoing import undo_meter_act
from svet.domains.metering.actions.withdrawing import withdraw_reading

__all__ = [
    "ActValueOdd",
    "ActValueRefused",
    "ConditionRefused",
    "NotADecision",
    "OddReading",
    "SourceNeeded",
    "install_meter",
    "lift_condition",
    "mark_billed",
    "record_condition",
    "remove_meter",
    "replace_meter",
    "review_reading",
    "seal_meter",
    "submit_reading",
    "submit_readings",
    "undo_meter_act",
    "unmark_billed",
    "verify_meter",
    "withdraw_reading",
]
