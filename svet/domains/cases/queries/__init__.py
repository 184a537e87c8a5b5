"""Reads of contacts and identifications."""

from svet.domains.cases.queries.contacts import ContactRow, contacts_of, own_contact, running
from svet.domains.cases.queries.identities import Entry, entry, tries

__all__ = ["ContactRow", "Entry", "contacts_of", "entry", "own_contact", "running", "tries"]
