"""The one family of errors that the business raises.

A `DomainError` says *what* cannot be done by a code and facts, never in words for people: the words
live in `surfaces/web/messages.py`. Findings (things that merely look wrong) are in `findings.py`.
"""

from __future__ import annotations


class DomainError(Exception):
    """Something cannot be done; carries a stable code and the facts a message needs.

    Subclasses set `code`; facts are keyword arguments and become attributes of the `facts` mapping.
    """

    code = "cannot_be_done"

    def __init__(self, code: str | None = None, /, **facts: object) -> None:
        self.code = code or type(self).code
        self.facts = facts
        details = ", ".join(f"{name}={value!r}" for name, value in facts.items())
        super().__init__(f"{self.code}({details})")


class NotFound(DomainError):
    """The thing does not exist, or the asker may not know that it does."""

    code = "not_found"


class NotAllowed(DomainError):
    """The asker is known but may not do this."""

    code = "not_allowed"


class Conflict(DomainError):
    """Somebody else has it, or it was done already in another way."""

    code = "conflict"
