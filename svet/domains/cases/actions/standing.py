"""Whether an employee may have anything to do with a case (clause A7), asked by every action that gives him one."""

from __future__ import annotations

from svet.domains.access import queries as access
from svet.domains.cases.models import Case, CaseAbout
from svet.domains.cases.rules.standing import About, is_barred, with_leaders
from svet.kernel.errors import NotAllowed


def is_barred_from(case_id: int, *, user_id: int) -> bool:
    """Say whether a case is about this employee, about who leads him, or about a unit that he is in."""
    rows = list(CaseAbout.objects.filter(case_id=case_id).values_list("user_id", "unit_id"))
    if not rows:
        return False
    above = access.above(user_id)
    about = About(frozenset(user for user, _ in rows if user), frozenset(unit for _, unit in rows if unit))
    return is_barred(with_leaders(user_id, leaders=above.leader_ids, units=above.unit_ids), about)


def check_not_barred(case: Case, user_id: int) -> None:
    """Raise NotAllowed("case_is_about_him") for whom the complaint must not reach."""
    if is_barred_from(case.pk, user_id=user_id):
        raise NotAllowed("case_is_about_him")
