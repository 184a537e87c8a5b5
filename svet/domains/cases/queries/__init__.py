"""Reads of contacts and identifications."""

from svet.domains.cases.queries.contacts import ContactRow, contacts_of, own_contact, running
from svet.domains.cases.queries.figures import ServiceFigures, ServiceRow, service_figures
from svet.domains.cases.queries.identities import Entry, entry, tries
from svet.domains.cases.queries.remarks import RemarkRow, remark, remarks_of, waiting_remarks, waiting_remarks_count

__all__ = [
    "ContactRow",
    "Entry",
    "RemarkRow",
    "ServiceFigures",
    "ServiceRow",
    "contacts_of",
    "entry",
    "own_contact",
    "remark",
    "remarks_of",
    "running",
    "service_figures",
    "tries",
    "waiting_remarks",
    "waiting_remarks_count",
]
