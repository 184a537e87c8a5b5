"""An appeal taken by an operator: in his office's numbers, and the contact that runs hangs on its matter."""

from __future__ import annotations

from datetime import datetime

from svet.domains.access import queries as access
from svet.domains.cases import actions as cases
from svet.domains.cases import queries
from svet.domains.cases.actions import Details, Incoming, Registered
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.register import CaseChannel, CaseKind
from svet.domains.offices import queries as offices
from svet.domains.offices.rules.channels import Deed, Way

WAYS: dict[CaseChannel, Way] = {
    CaseChannel.SITE: Way.SITE,
    CaseChannel.CABINET: Way.CABINET,
    CaseChannel.BILL: Way.CABINET,
    CaseChannel.PHONE: Way.PHONE,
    CaseChannel.OFFICE: Way.OFFICE,
}
"""By which way of the switchboard a letter comes that somebody writes on a page; what comes by post always comes."""


def check_way(channel: CaseChannel, *, at: datetime) -> None:
    """Raise Conflict("channel_is_off") while appeals by this channel are turned off (clause M5)."""
    if channel in WAYS:
        offices.check_channel(WAYS[channel], Deed.APPEALS, at=at)


def take_at_desk(
    letter: Incoming,
    *,
    applicant: Applicant,
    kind: CaseKind,
    subject_code: str,
    by: int,
    at: datetime,
    details: Details,
) -> Registered:
    """Register what an operator took at the office, by phone or by post, in his office's numbers; the same form once.

    Raises Conflict("channel_is_off") and what `cases.actions.register` raises.
    """
    check_way(letter.channel, at=at)
    made = cases.register(
        letter,
        applicant=applicant,
        at=at,
        by=by,
        kind=kind,
        subject_code=subject_code,
        office_code=access.office_of(by),
        details=details,
    )
    contact = queries.running(by) if letter.channel in {CaseChannel.OFFICE, CaseChannel.PHONE} else None
    if made.is_new and contact is not None:
        matter_id = queries.matter_of_case(made.case_id)
        cases.hang_contact_of_appeal(contact.contact_id, matter_id=matter_id, by=by, at=at)
    return made
