"""By which way an applicant is written to, and where. Pure."""

from __future__ import annotations

from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.register import CaseChannel
from svet.domains.customers.rules import normal_email, normal_phone, takes_codes

ELECTRONIC = (CaseChannel.EMAIL, CaseChannel.SMS)
"""Ways by which the outbox sends."""


def ways(came_by: CaseChannel, *, applicant: Applicant) -> tuple[tuple[CaseChannel, str], ...]:
    """Return the ways to write to an applicant with their addresses, the best first; the last always works.

    What came through the state portal is answered there. Whoever left no address reads the answer on the site by his
    receipt code.

    >>> ways(CaseChannel.POST, applicant=Applicant(postal_address="г. Лес, ул. Садовая, 1"))[0][0].value
    'by_post'
    >>> [way.value for way, _ in ways(CaseChannel.SITE, applicant=Applicant())]
    ['by_site']
    """
    email, phone = normal_email(applicant.email), normal_phone(applicant.phone)
    found: list[tuple[CaseChannel, str]] = []
    if came_by is CaseChannel.GIS:
        found.append((CaseChannel.GIS, ""))
    if came_by is CaseChannel.POST and applicant.postal_address:
        found.append((CaseChannel.POST, applicant.postal_address))
    if email:
        found.append((CaseChannel.EMAIL, email))
    if applicant.user_id is not None:
        found.append((CaseChannel.CABINET, ""))
    if applicant.postal_address and came_by is not CaseChannel.POST:
        found.append((CaseChannel.POST, applicant.postal_address))
    if phone and takes_codes(kind="phone", value=phone):
        found.append((CaseChannel.SMS, phone))
    if phone:
        found.append((CaseChannel.PHONE, phone))
    return (*found, (CaseChannel.SITE, ""))
