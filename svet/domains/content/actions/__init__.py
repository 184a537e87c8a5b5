"""What changes in content beside the editors' own work: the tree and its groups, the first texts, marks, entries."""

from svet.domains.content.actions.entering import enter_contest
from svet.domains.content.actions.loading import load_reference
from svet.domains.content.actions.marking import mark_helpful
from svet.domains.content.actions.preparing import keep_groups, prepare
from svet.domains.content.actions.renewing import note_happened

__all__ = [
    "enter_contest",
    "keep_groups",
    "load_reference",
    "mark_helpful",
    "note_happened",
    "prepare",
]
