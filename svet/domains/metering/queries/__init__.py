"""Reads of metering for others. What is in force, the view `metering_reading_in_force` alone decides."""

from svet.domains.metering.queries.acts import (
    ActMeter,
    ActValue,
    ActView,
    act,
    act_of_request,
    acts_of,
    last_billed_month,
    latest_on,
    scan,
)
from svet.domains.metering.queries.conditions import ConditionView, HangingMeter, conditions_of, hanging_at, is_place_of
from svet.domains.metering.queries.contexts import (
    accounts_by_number,
    known_about,
    known_account,
    policies_on,
)
from svet.domains.metering.queries.corrections import CorrectedValue, Correction, corrections
from svet.domains.metering.queries.finding import accounts_by_serial
from svet.domains.metering.queries.forms import MeterForm, RegisterForm, WindowState, form_for
from svet.domains.metering.queries.installed import DialAtPlace, InstalledMeter, dials_at, meters_of
from svet.domains.metering.queries.missing import without_readings
from svet.domains.metering.queries.previewing import ReadingPreview, UnsavedReading, preview_reading
from svet.domains.metering.queries.readings import IN_FORCE_SQL, HeldReading, HistoryRow, held, history
from svet.domains.metering.queries.receipts import is_superseded, receipt, receipt_for_source, submissions_stored
from svet.domains.metering.queries.withdrawing import Withdrawal, WithdrawnValue, withdrawals

__all__ = [
    "IN_FORCE_SQL",
    "ActMeter",
    "ActValue",
    "ActView",
    "ConditionView",
    "CorrectedValue",
    "Correction",
    "DialAtPlace",
    "HangingMeter",
    "HeldReading",
    "HistoryRow",
    "InstalledMeter",
    "MeterForm",
    "ReadingPreview",
    "RegisterForm",
    "UnsavedReading",
    "WindowState",
    "Withdrawal",
    "WithdrawnValue",
    "accounts_by_number",
    "accounts_by_serial",
    "act",
    "act_of_request",
    "acts_of",
    "conditions_of",
    "corrections",
    "dials_at",
    "form_for",
    "hanging_at",
    "held",
    "history",
    "is_place_of",
    "is_superseded",
    "known_about",
    "known_account",
    "last_billed_month",
    "latest_on",
    "meters_of",
    "policies_on",
    "preview_reading",
    "receipt",
    "receipt_for_source",
    "scan",
    "submissions_stored",
    "withdrawals",
    "without_readings",
]
