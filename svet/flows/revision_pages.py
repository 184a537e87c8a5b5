"""What the pages of revisions show: past months charged anew, counted, looked at, released by stages."""

from __future__ import annotations

from dataclasses import dataclass

from svet.domains.access import queries as people
from svet.domains.billing import queries as billing
from svet.domains.billing.queries import RevisedAccountView, RevisionView
from svet.domains.billing.rules.revising import Impact, RevisedState, RevisionState

LARGEST = 50
STOPPED = (RevisedState.HELD, RevisedState.CHANGED, RevisedState.RELIED_ON)


@dataclass(frozen=True, slots=True)
class RevisionPage:
    """One revision: how far it is, what it comes to, who is hit most, some looked at closely, who was left out."""

    revision: RevisionView
    impact: Impact | None
    asked_by: str
    released_by: str
    largest: tuple[RevisedAccountView, ...]
    samples: tuple[RevisedAccountView, ...]
    stopped: tuple[RevisedAccountView, ...]

    @property
    def to_release(self) -> int:
        """How many accounts wait to be released."""
        return self.revision.states.get(RevisedState.COUNTED, 0)

    @property
    def released(self) -> int:
        """How many accounts are charged anew."""
        return self.revision.states.get(RevisedState.RELEASED, 0)

    @property
    def may_release(self) -> bool:
        """Whether a next stage may be released."""
        states = (RevisionState.COUNTED, RevisionState.RELEASED)
        return self.revision.state in states and self.revision.percent < 100 and self.to_release > 0

    @property
    def may_take_back(self) -> bool:
        """Whether something may be taken back."""
        return self.revision.state is RevisionState.RELEASED and self.released > 0

    @property
    def may_cancel(self) -> bool:
        """Whether it may be given up."""
        return self.revision.state in (RevisionState.COUNTING, RevisionState.COUNTED)


def revision(revision_id: int) -> RevisionPage:
    """Return one revision with its impact; raise NotFound."""
    found = billing.revision(revision_id)
    is_counted = found.state is not RevisionState.COUNTING
    names = people.names_of([one for one in (found.asked_by, found.released_by) if one])
    changed = (RevisedState.COUNTED, RevisedState.RELEASED, RevisedState.TAKEN_BACK)
    return RevisionPage(
        revision=found,
        impact=billing.revision_impact(revision_id) if is_counted else None,
        asked_by=names.get(found.asked_by or 0, ""),
        released_by=names.get(found.released_by or 0, ""),
        largest=tuple(billing.revised_accounts(revision_id, states=changed, limit=LARGEST)) if is_counted else (),
        samples=tuple(billing.sample_revised(revision_id)) if is_counted else (),
        stopped=tuple(billing.revised_accounts(revision_id, states=STOPPED, limit=LARGEST)),
    )
