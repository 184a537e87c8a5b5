"""What changes in the ledger: entries, the closing of a month, certificates given out."""

from svet.domains.ledger.actions.certificates import issue_certificate
from svet.domains.ledger.actions.posting import ENTRY_FRAME, MonthIsClosed, close_month, post, post_frame

__all__ = ["ENTRY_FRAME", "MonthIsClosed", "close_month", "issue_certificate", "post", "post_frame"]
