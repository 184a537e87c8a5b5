"""One switch of calculation: what it is called, what it may be. Which there are, the catalogues say."""

from __future__ import annotations

from dataclasses import dataclass

from svet.kernel.errors import DomainError


class UnknownPolicy(DomainError):
    """There is no policy of this name."""

    code = "unknown_policy"


class PolicyValueRefused(DomainError):
    """The value is outside what the policy allows."""

    code = "policy_value_refused"


@dataclass(frozen=True, slots=True)
class Policy:
    """What one switch means: its name, what values it takes, its default as text, and where that comes from."""

    name: str
    default: str
    source: str
    choices: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 0

    def read(self, text: str) -> int | str:
        """Return the typed value of `text`; raise `PolicyValueRefused` when it is not allowed."""
        if self.choices:
            if text in self.choices:
                return text
        elif len(text) <= 9 and text.isascii() and text.isdigit() and self.minimum <= int(text) <= self.maximum:
            return int(text)
        allowed = "|".join(self.choices) if self.choices else f"{self.minimum}..{self.maximum}"
        raise PolicyValueRefused(name=self.name, value=text, allowed=allowed)
