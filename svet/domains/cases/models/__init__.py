"""Contacts with customers at the desk and how it was made sure who they are."""

from svet.domains.cases.models.service import Identification, ServiceContact

__all__ = ["Identification", "ServiceContact"]
