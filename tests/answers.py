"""A numbered answer on letterhead, as the desk sends one."""

from datetime import datetime

from svet.domains.cases import actions
from svet.domains.cases.actions import Written
from svet.domains.cases.models import Case, CaseAnswer
from svet.domains.cases.rules.register import CaseChannel, Resolution
from svet.domains.offices import actions as offices
from svet.flows import answering
from tests import reference


def answered(case: Case, *, by: int, at: datetime, text: str = "Начислено верно", way: CaseChannel) -> CaseAnswer:
    """Send an answer to the case by this way and return it."""
    reference.load(offices, at=at)
    written = Written(text=text, resolution=Resolution.EXPLAINED, channel=way)
    version = actions.write_answer(case.pk, written=written, version=0, by=by, at=at)
    answering.put_forward(case.number, version=version, by=by, at=at)
    return CaseAnswer.objects.get(case=case)
