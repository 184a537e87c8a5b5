"""Reads of contacts and identifications."""

from svet.domains.cases.queries.contacts import ContactRow, contacts_of, own_contact, running
from svet.domains.cases.queries.figures import ServiceFigures, ServiceRow, service_figures
from svet.domains.cases.queries.identities import Entry, entry, tries

__all__ = [
    "ContactRow",
    "Entry",
    "ServiceFigures",
    "ServiceRow",
    "contacts_of",
    "entry",
    "own_contact",
    "running",
    "service_figures",
    "tries",
]
