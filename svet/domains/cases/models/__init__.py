"""Contacts with customers at the desk, how it was made sure who they are, remarks on bills."""

from svet.domains.cases.models.remarks import Remark
from svet.domains.cases.models.service import Identification, ServiceContact

__all__ = ["Identification", "Remark", "ServiceContact"]
