"""Pure rules of metering: checks of readings, volumes. Words used by both are here."""

from enum import StrEnum


class Channel(StrEnum):
    """By which way a reading came."""

    DESK = "desk"
    PHONE = "phone"
    SMS = "sms"
    IVR = "ivr"
    CABINET = "cabinet"
    WEBSITE = "website"
    TERMINAL = "terminal"
    BANK = "bank"
    API = "api"
    METER_READER = "meter_reader"
    SMART_METER = "smart_meter"
    GRID = "grid"
    IMPORT = "import"


class ReadingKind(StrEnum):
    """Why a value was taken."""

    REGULAR = "regular"
    CONTROL = "control"
    INSTALLED = "installed"
    REMOVED = "removed"
    INITIAL = "initial"
    FINAL = "final"


class Verdict(StrEnum):
    """What the checks decided."""

    ACCEPTED = "accepted"
    HELD = "held"
    REFUSED = "refused"


class ConditionKind(StrEnum):
    """What may be the matter with a meter or a supply for a time."""

    FAILED = "failed"
    ACCESS_REFUSED = "access_refused"
    METER_FEASIBLE = "meter_feasible"


class EstimateReason(StrEnum):
    """Why a volume is estimated where a meter hangs."""

    NO_READING = "no_reading"
    REFUSED = "refused"
    FAILED = "failed"


class VolumeBasis(StrEnum):
    """How a volume was found (способ определения объёма)."""

    MEASURED = "measured"
    AVERAGE = "average"
    NORM = "norm"
