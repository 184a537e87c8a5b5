"""What the ways out have in common: what a refusal is."""

from __future__ import annotations


class Refused(Exception):
    """The other side did not take the message; `for_good` when asking again is of no use. Says nothing secret."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.why, self.for_good = why, for_good
