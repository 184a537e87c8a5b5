"""Reads of customers and their contacts, and the frames of exports."""

from svet.domains.customers.queries.choices import (
    ConsentView,
    agrees,
    confirmed_addresses,
    consents_of,
    declines,
    preferences_of,
    way_to_tell,
    who_chose,
    who_wants,
)
from svet.domains.customers.queries.exports import export_contacts, export_customers
from svet.domains.customers.queries.people import (
    ContactView,
    CustomerView,
    all_contacts_of,
    contact,
    contacts_of,
    customer,
    customer_by_code,
    customers_with,
    ids_by_code,
)

__all__ = [
    "ConsentView",
    "ContactView",
    "CustomerView",
    "agrees",
    "all_contacts_of",
    "confirmed_addresses",
    "consents_of",
    "contact",
    "contacts_of",
    "customer",
    "customer_by_code",
    "customers_with",
    "declines",
    "export_contacts",
    "export_customers",
    "ids_by_code",
    "preferences_of",
    "way_to_tell",
    "who_chose",
    "who_wants",
]
