"""Roles of staff and what each may do; one-time codes, and how long who guesses waits."""

from svet.domains.access.rules.codes import (
    CODE_LASTS,
    FAILURES_COUNT_FOR,
    FREE_FAILURES_PER_ADDRESS,
    FREE_FAILURES_PER_TARGET,
    MOST_CODES_PER_ADDRESS,
    MOST_CODES_PER_TARGET,
    MOST_TRIES,
    RESEND_PAUSE,
    AddressKind,
    AttemptKind,
    CodePurpose,
    pause_after_failures,
    too_many_codes,
    typed_code,
)
from svet.domains.access.rules.oddities import Looked, Oddity, OddityKind, oddities
from svet.domains.access.rules.roles import RIGHTS, LookPurpose, Right, Role, inner_purposes, may, rights_of

__all__ = [
    "CODE_LASTS",
    "FAILURES_COUNT_FOR",
    "FREE_FAILURES_PER_ADDRESS",
    "FREE_FAILURES_PER_TARGET",
    "MOST_CODES_PER_ADDRESS",
    "MOST_CODES_PER_TARGET",
    "MOST_TRIES",
    "RESEND_PAUSE",
    "RIGHTS",
    "AddressKind",
    "AttemptKind",
    "CodePurpose",
    "LookPurpose",
    "Looked",
    "Oddity",
    "OddityKind",
    "Right",
    "Role",
    "inner_purposes",
    "may",
    "oddities",
    "pause_after_failures",
    "rights_of",
    "too_many_codes",
    "typed_code",
]
