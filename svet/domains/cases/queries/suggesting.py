"""What is suggested to handlers with evidence: grounds not to consider, cases of one matter. It decides nothing."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from svet.domains.access import queries as access
from svet.domains.cases.models import Case, CaseApplicant, Letter
from svet.domains.cases.queries.case_rows import CaseRow, as_rows
from svet.domains.cases.queries.reference import insults
from svet.domains.cases.queries.register import visible
from svet.domains.cases.queries.sending import applicant_of
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.grounds import Earlier, Suggestion, suggest
from svet.domains.cases.rules.matters import SUGGEST_WITHIN
from svet.domains.cases.rules.register import CaseState, Direction, Resolution
from svet.infra import files
from svet.infra.file_kinds import looks_blank
from svet.kernel.errors import NotFound

MOST_LOOKED_AT = 10
"""So many files of a letter are looked at for a hint that nothing can be read on them."""


def suggestions(case_id: int) -> tuple[Suggestion, ...]:
    """Return which grounds not to consider a case may hold, with evidence: only for people to look at."""
    case = Case.objects.get(pk=case_id)
    letter = Letter.objects.filter(case_id=case_id, direction=Direction.IN).order_by("at", "pk").first()
    applicant = applicant_of(case_id)
    text = f"{letter.title} {letter.text}" if letter else ""
    earlier, blank = _answered_before(case, applicant), _blank_files(letter)
    return suggest(text, applicant=applicant, insults=insults(), earlier=earlier, blank_files=blank)


def same_matter(case_id: int, *, user_id: int, at: datetime) -> tuple[CaseRow, ...]:
    """Suggest cases of the same matter: the same account and subject lately, or the same words from whomever."""
    case = Case.objects.get(pk=case_id)
    since = case.registered_at - SUGGEST_WITHIN
    prints = Letter.objects.filter(case_id=case_id, direction=Direction.IN).values_list("fingerprint", flat=True)
    same_words = Letter.objects.filter(
        direction=Direction.IN, fingerprint__in=[one for one in prints if one], at__gt=since
    ).exclude(fingerprint="")
    near = Q(pk__in=same_words.values("case_id"))
    if case.account_id is not None:
        near |= Q(account_id=case.account_id, subject=case.subject)
    rows = visible(user_id).filter(near, registered_at__gt=since).exclude(pk=case.pk).exclude(matter=case.matter)
    return as_rows(rows.order_by("-pk")[:10], at=at)


def matter_of(number: str, *, user_id: int) -> int:
    """Return the matter of a case that an employee may see; raise NotFound."""
    found = visible(user_id).filter(number=number).values_list("matter_id", flat=True).first()
    if found is None:
        raise NotFound(case=number)
    return found


def who_can_be_complained_about() -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Return the staff and the units, as ids with names."""
    staff = [(one.person.user_id, one.person.name) for one in access.staff() if one.is_active]
    return staff, [(one.unit_id, one.name) for one in access.units()]


def _blank_files(letter: Letter | None) -> list[str]:
    """Return the names of the letter's first files on which nothing can be seen."""
    if letter is None:
        return []
    ids = list(letter.files.order_by("place").values_list("file_id", flat=True)[:MOST_LOOKED_AT])
    known = files.described(ids)
    return [known[one].name for one in ids if looks_blank(files.read(one), media_type=known[one].media_type)]


def _answered_before(case: Case, applicant: Applicant) -> list[Earlier]:
    who = Q(pk=None)
    if case.account_id is not None:
        who |= Q(account_id=case.account_id)
    if applicant.email:
        who |= Q(pk__in=CaseApplicant.objects.filter(email=applicant.email).values("case_id"))
    answered = Case.objects.filter(who, state__in=[CaseState.ANSWERED, CaseState.CLOSED], pk__lt=case.pk)
    answered = answered.exclude(resolution__in=[Resolution.MERGED, Resolution.WITHDRAWN])
    numbers = dict(answered.order_by("-pk").values_list("pk", "number")[:50])
    first = Letter.objects.filter(case_id__in=numbers, direction=Direction.IN).order_by("case_id", "at", "pk")
    return [Earlier(numbers[row.case_id], f"{row.title} {row.text}") for row in first.distinct("case_id")]
