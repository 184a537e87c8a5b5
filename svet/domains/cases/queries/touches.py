"""Contacts of customers over all channels, for first contacts and repeats (G3): contacts, cases and remarks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from svet.domains.cases.models import Case, CaseSubject, MatterPart, Remark, ServiceContact
from svet.domains.cases.rules.contacts import Ending, Settled
from svet.domains.cases.rules.matters import (
    TOGETHER,
    ContactFigures,
    Field,
    How,
    Part,
    Touch,
    figures,
    gathered,
    of_subject,
)
from svet.domains.cases.rules.register import CaseState


@dataclass(frozen=True, slots=True)
class FirstContacts:
    """First contacts and repeats of a period, in all and by the channel in which a matter began."""

    total: ContactFigures
    channels: tuple[tuple[str, ContactFigures], ...]


def first_contacts(*, since: datetime, until: datetime) -> FirstContacts:
    """Return how many matters that began in a period were settled by their first contact, by any channel.

    What came within `TOGETHER` before the period is read too, so that a repeat is not taken for a beginning.
    """
    found = touches(since=since - TOGETHER, until=until)
    by_channel: dict[str, list[Touch]] = defaultdict(list)
    for group in gathered(found):
        by_channel[group[0].channel].extend(group)
    rows = [(name, figures(own, since=since, until=until)) for name, own in sorted(by_channel.items())]
    shown = tuple((name, one) for name, one in rows if one.matters)
    return FirstContacts(figures(found, since=since, until=until), shown)


def touches(*, since: datetime, until: datetime) -> list[Touch]:
    """Return every contact of customers in a period: at the desk, by letter, by an old remark on a bill."""
    joined = _matters(since)
    fields = dict(CaseSubject.objects.order_by("pk").values_list("code", "field"))
    cases = _cases(since, until, fields, _chosen(since))
    return [*_contacts(since, until, joined), *cases, *_remarks(since, until, joined)]


def _contacts(since: datetime, until: datetime, joined: dict[tuple[str, int], int]) -> list[Touch]:
    rows = ServiceContact.objects.filter(began_at__gte=since, began_at__lt=until, ending=Ending.FINISHED)
    return [
        Touch(
            key=f"contact:{row.pk}",
            account_id=row.account_id,
            field=of_subject(row.subjects[0]) if row.subjects else Field.OTHER,
            channel=row.channel,
            at=row.began_at,
            is_settled=row.settled == Settled.YES,
            matter_id=joined.get((Part.CONTACT, row.pk)),
            office=row.office_code,
        )
        for row in rows.order_by("began_at", "pk")
    ]


def _cases(since: datetime, until: datetime, fields: dict[str, str], chosen: set[int]) -> list[Touch]:
    rows = Case.objects.filter(registered_at__gte=since, registered_at__lt=until, merged_into=None)
    ended = {CaseState.ANSWERED, CaseState.CLOSED}
    return [
        Touch(
            key=f"case:{row.pk}",
            account_id=row.account_id,
            field=fields.get(row.subject, Field.OTHER),
            channel=row.channel,
            at=row.received_at,
            is_settled=(row.reopened == 0 and not row.is_unread) if row.state in ended else None,
            matter_id=row.matter_id if row.matter_id in chosen else None,
            office=row.office_code,
        )
        for row in rows.order_by("pk")
    ]


def _remarks(since: datetime, until: datetime, joined: dict[tuple[str, int], int]) -> list[Touch]:
    """Return the remarks that were answered as such; those that went on as cases are told there."""
    rows = Remark.objects.filter(sent_at__gte=since, sent_at__lt=until).exclude(answered_at=None)
    return [
        Touch(
            key=f"remark:{row.pk}",
            account_id=row.account_id,
            field=Field.BILL,
            channel="by_bill",
            at=row.sent_at,
            is_settled=True,
            matter_id=joined.get((Part.REMARK, row.pk)),
        )
        for row in rows.order_by("sent_at", "pk")
    ]


def _chosen(since: datetime) -> set[int]:
    """Return the matters about which people decided something since then: what hangs there stands as it is.

    What is decided about a contact is decided after it, so nothing earlier is of interest.
    """
    rows = MatterPart.objects.exclude(how=How.NEW).filter(at__gte=since).values_list("matter_id", "left_matter_id")
    return {one for pair in rows for one in pair if one is not None}


def _matters(since: datetime) -> dict[tuple[str, int], int]:
    """Return on which matter each part hung since then hangs now (its latest row)."""
    rows = MatterPart.objects.exclude(how=How.NEW).exclude(part=Part.CASE).filter(at__gte=since).order_by("pk")
    return {(part, part_id): matter_id for part, part_id, matter_id in rows.values_list("part", "part_id", "matter_id")}
