"""What changes in offices: loads of the Standard and of the shipped data, exceptions of hours."""

from svet.domains.offices.actions.exceptions import add_exception, withdraw_exception
from svet.domains.offices.actions.loading import Change, load_reference, load_standard

__all__ = ["Change", "add_exception", "load_reference", "load_standard", "withdraw_exception"]
