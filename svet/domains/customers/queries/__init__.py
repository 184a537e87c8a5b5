"""Reads of customers and their contacts, and the frames of exports."""

from svet.domains.customers.queries.exports import export_contacts, export_customers
from svet.domains.customers.queries.people import (
    ContactView,
    CustomerView,
    contacts_of,
    customer,
    customer_by_code,
    ids_by_code,
)

__all__ = [
    "ContactView",
    "CustomerView",
    "contacts_of",
    "customer",
    "customer_by_code",
    "export_contacts",
    "export_customers",
    "ids_by_code",
]
