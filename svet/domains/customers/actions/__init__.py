"""What changes in customers: who they are, how to reach them, loading from files."""

from svet.domains.customers.actions.choosing import prefer, state_consent
from svet.domains.customers.actions.contacting import add_contact, confirm_contact, end_contact, resume_contact
from svet.domains.customers.actions.loading import load_contacts, load_customers
from svet.domains.customers.actions.registering import change_name, register_customer

__all__ = [
    "add_contact",
    "change_name",
    "confirm_contact",
    "end_contact",
    "load_contacts",
    "load_customers",
    "prefer",
    "register_customer",
    "resume_contact",
    "state_consent",
]
