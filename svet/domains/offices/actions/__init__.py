"""What changes in offices: loads of the Standard and of the shipped data, exceptions of hours, switches of channels."""

from svet.domains.offices.actions.exceptions import add_exception, withdraw_exception
from svet.domains.offices.actions.loading import Change, load_reference, load_standard
from svet.domains.offices.actions.switching import turn_channel

__all__ = ["Change", "add_exception", "load_reference", "load_standard", "turn_channel", "withdraw_exception"]
