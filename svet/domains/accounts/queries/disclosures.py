"""Disclosures: how far each is. The file itself comes out by an action alone, because taking it is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from svet.domains.accounts.models import Disclosure
from svet.domains.accounts.rules import UNFINISHED, DisclosureState
from svet.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class DisclosureView:
    """One disclosure; its parts are the person and each account."""

    id: int
    user_id: int
    account_ids: tuple[int, ...]
    state: DisclosureState
    done: int
    requested_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None

    @property
    def parts(self) -> int:
        """How many parts it has."""
        return len(self.account_ids) + 1

    @property
    def is_moving(self) -> bool:
        """Whether it is still being made."""
        return self.state in UNFINISHED


def disclosure(disclosure_id: int) -> DisclosureView:
    """Return one disclosure; raise NotFound."""
    found = Disclosure.objects.filter(pk=disclosure_id).first()
    if found is None:
        raise NotFound(disclosure=disclosure_id)
    return as_disclosure(found)


def disclosures_of(user_id: int, *, limit: int = 10) -> list[DisclosureView]:
    """Return what the person asked for, the latest first."""
    return [as_disclosure(row) for row in Disclosure.objects.filter(user_id=user_id).order_by("-pk")[:limit]]


def as_disclosure(row: Disclosure) -> DisclosureView:
    """Return the view of a row."""
    return DisclosureView(
        id=row.pk,
        user_id=row.user_id,
        account_ids=tuple(row.account_ids),
        state=DisclosureState(row.state),
        done=row.done,
        requested_at=row.requested_at,
        finished_at=row.finished_at,
        expires_at=row.expires_at,
    )
