"""Reads of offices, their hours and places, and of the company's own record (clauses O1, O2, R2)."""

from svet.domains.offices.queries.channels import (
    TurnView,
    check_channel,
    turned_off,
    turns,
    way_states,
)
from svet.domains.offices.queries.directory import (
    AudienceHours,
    CompanyView,
    OfficeView,
    company,
    directory,
    office,
)
from svet.domains.offices.queries.opening import (
    ExceptionView,
    directory_with_timetables,
    exceptions_listed,
    hours_on,
    timetable,
)
from svet.domains.offices.queries.payment_places import PaymentPlaceView, payment_places
from svet.domains.offices.queries.region import Region, region

__all__ = [
    "AudienceHours",
    "CompanyView",
    "ExceptionView",
    "OfficeView",
    "PaymentPlaceView",
    "Region",
    "TurnView",
    "check_channel",
    "company",
    "directory",
    "directory_with_timetables",
    "exceptions_listed",
    "hours_on",
    "office",
    "payment_places",
    "region",
    "timetable",
    "turned_off",
    "turns",
    "way_states",
]
