"""Whom to ask about an answer, and the signed code by which he answers without signing in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db.models import Exists, OuterRef, Q

from svet.domains.cases.models import Case, CaseAsking, Letter
from svet.domains.cases.queries.answers import AskingView, as_asking
from svet.domains.cases.queries.sending import applicant_of
from svet.domains.cases.rules.answering import ELECTRONIC, ways
from svet.domains.cases.rules.register import ANSWERS, CaseChannel, CaseState, Direction
from svet.kernel.errors import NotFound

SALT = "cases.asking"
ASKED_WITHIN = timedelta(days=14)
"""Who could not be asked in so many days after his turn came is not asked any more."""


@dataclass(frozen=True, slots=True)
class ToAsk:
    """An answer to ask about, with the electronic way to the applicant."""

    case_id: int
    case_number: str
    letter_id: int
    channel: str
    address: str
    customer_id: int | None


def to_ask(question: str, *, after: timedelta, at: datetime, page: int = 500) -> Iterator[ToAsk]:
    """Yield the answers given so long ago about which this question was not asked and can be, the oldest first.

    Of a case only its last answer counts, and only while it stands: who had his case reopened is not asked of the old.
    Read `page` rows at a time by the key of the last, so that those who cannot be asked never keep others waiting.
    """
    asked = CaseAsking.objects.filter(letter=OuterRef("pk"), question=question)
    later = Letter.objects.filter(case=OuterRef("case"), is_answer=True, pk__gt=OuterRef("pk"))
    rows = Letter.objects.filter(
        ~Exists(asked),
        ~Exists(later),
        is_answer=True,
        direction=Direction.OUT,
        at__lte=at - after,
        at__gt=at - after - ASKED_WITHIN,
        case__state__in=(CaseState.ANSWERED, CaseState.CLOSED),
        case__resolution__in=ANSWERS,
    )
    beyond = Q()
    while found := list(rows.filter(beyond).select_related("case").order_by("at", "pk")[:page]):
        for row in found:
            way = _way(row)
            if way is not None:
                who = applicant_of(row.case_id)
                yield ToAsk(row.case_id, row.case.number, row.pk, way[0], way[1], who.customer_id)
        beyond = Q(at__gt=found[-1].at) | Q(at=found[-1].at, pk__gt=found[-1].pk)


def asking_token(asking_id: int) -> str:
    """Return the signed code of a question, for the message to the applicant alone."""
    return signing.dumps(asking_id, salt=SALT)


def asking_of_token(token: str) -> AskingView:
    """Return the question that a code opens; raise NotFound for a forged one."""
    try:
        asking_id = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise NotFound(token="") from error
    row = CaseAsking.objects.filter(pk=asking_id).select_related("case").first()
    if row is None:
        raise NotFound(asking=asking_id)
    return as_asking(row)


def _way(row: Letter) -> tuple[str, str] | None:
    """Return the way the answer went where it is electronic, else the best electronic one."""
    case: Case = row.case
    if CaseChannel(row.channel) in ELECTRONIC and row.address:
        return row.channel, row.address
    known = ways(CaseChannel(case.channel), applicant=applicant_of(case.pk))
    return next(((way.value, address) for way, address in known if way in ELECTRONIC), None)
