"""The register for those who work in it: filters, search by text, pages by key, what waits for whom.

Every read here begins with `visible`: whom a complaint is about never sees it, whatever address he types (clause A7).
No read counts the whole register; a page is found by the key of the last row of the one before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, F, Min, Q, QuerySet

from svet.domains.access import queries as access
from svet.domains.cases.models import Case, CaseAbout, CaseWords
from svet.domains.cases.models.register import OWED
from svet.domains.cases.queries.case_rows import SEEN, CaseRow, as_rows, hidden_from, rows_of
from svet.domains.cases.queries.reference import subjects
from svet.domains.cases.rules.clocks import end_of
from svet.domains.cases.rules.register import OPEN_STATES, RUSSIAN_TEXT, CaseState, typed_number
from svet.infra.planned import planned_rows
from svet.kernel.errors import NotFound

PAGE = 50
MINE, NOBODY = "mine", "nobody"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for. `state`: "open", "overdue", "unread", "escalated", a state's own code, or empty for all.

    `assignee`: "mine", "nobody", an id as text, or empty. Days are of the registration, both included.
    """

    text: str = ""
    state: str = ""
    channel: str = ""
    kind: str = ""
    subject: str = ""
    assignee: str = ""
    since: date | None = None
    until: date | None = None


def kept(filters: Filters) -> dict[str, str]:
    """Return conditions as they are kept: those that were set, days as 2026-11-18."""
    return {name: str(value) for name, value in asdict(filters).items() if value}


def from_kept(told: dict[str, str]) -> Filters:
    """Return conditions that were kept."""
    since, until = (date.fromisoformat(told[name]) if name in told else None for name in ("since", "until"))
    return Filters(
        text=told.get("text", ""),
        state=told.get("state", ""),
        channel=told.get("channel", ""),
        kind=told.get("kind", ""),
        subject=told.get("subject", ""),
        assignee=told.get("assignee", ""),
        since=since,
        until=until,
    )


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """A page of the register; `before` is the key of the next page, None on the last one."""

    rows: tuple[CaseRow, ...]
    before: int | None


@dataclass(frozen=True, slots=True)
class Load:
    """What an employee has in hand; nobody's is the queue (`user_id` None)."""

    user_id: int | None
    name: str
    open_count: int
    overdue: int
    unread: int
    nearest_due_at: datetime | None


def visible(user_id: int) -> QuerySet[Case]:
    """Return the cases that an employee may see: none that is about him, who leads him, or a unit that he is in."""
    above = access.above(user_id)
    about = CaseAbout.objects.filter(Q(user_id__in=[user_id, *above.leader_ids]) | Q(unit_id__in=above.unit_ids))
    return Case.objects.exclude(pk__in=about.values("case_id"))


_OPEN = f"SELECT c.id FROM cases_case c WHERE c.number = %(number)s AND {SEEN}"  # noqa: S608 (from constants alone)


def open_for(user_id: int, number: str) -> int:
    """Return the id of a case that an employee may see; raise NotFound for another, as for one that does not exist."""
    found = planned_rows(_OPEN, {"number": number, **hidden_from(user_id)})
    if not found:
        raise NotFound(case=number)
    case_id: int = found[0][0]
    return case_id


def register_page(
    user_id: int, *, filters: Filters, at: datetime, before: int | None = None, limit: int = PAGE
) -> RegisterPage:
    """Return a page of the register as an employee may see it, the latest first, in a constant number of queries."""
    rows = _filtered(visible(user_id), filters, user_id=user_id, at=at)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    page = list(rows.order_by("-pk").values_list("pk", flat=True)[: limit + 1])
    return RegisterPage(rows_of(page[:limit], at=at), page[limit - 1] if len(page) > limit else None)


def count_found(user_id: int, *, filters: Filters, at: datetime) -> int:
    """Return how many cases the conditions find for an employee: a walk through all of them, for the background."""
    return _filtered(visible(user_id), filters, user_id=user_id, at=at).count()


def all_found(user_id: int, *, filters: Filters, at: datetime, batch: int = 2000) -> Iterator[tuple[CaseRow, ...]]:
    """Yield all that the conditions find for an employee, the latest first, by `batch` rows: never all in memory.

    Whom a case comes to be about on the way does not get it in the batches that follow.
    """
    before = None
    while True:
        page = register_page(user_id, filters=filters, at=at, before=before, limit=batch)
        if page.rows:
            yield page.rows
        if page.before is None:
            return
        before = page.before


def overdue_cases(user_id: int, *, at: datetime, assignee_id: int | None = None, limit: int = 200) -> list[CaseRow]:
    """Return the cases whose term has passed (of the answer, of a later letter), the longest overdue first."""
    rows = visible(user_id).filter(due_at__lte=at)
    if assignee_id is not None:
        rows = rows.filter(assignee_id=assignee_id)
    return list(as_rows(rows.order_by("due_at", "pk")[:limit], at=at))


def mine(user_id: int, *, limit: int = 200, at: datetime) -> list[CaseRow]:
    """Return what an employee has in hand, what ends first on top."""
    rows = visible(user_id).filter(OWED, assignee_id=user_id)
    return list(as_rows(rows.order_by(F("due_at").asc(nulls_last=True), "pk")[:limit], at=at))


def cases_of_account(account_id: int, *, user_id: int, at: datetime, limit: int = 20) -> list[CaseRow]:
    """Return the account's cases that an employee may see, the latest first."""
    rows = visible(user_id).filter(account_id=account_id).order_by("-registered_at", "-pk")
    return list(as_rows(rows[:limit], at=at))


def workload(user_id: int, *, at: datetime) -> list[Load]:
    """Return what everybody has in hand, and the queue first, of the cases that the asker may see."""
    grouped = (
        visible(user_id)
        .filter(OWED)
        .values("assignee_id")
        .annotate(
            open_count=Count("pk"),
            overdue=Count("pk", filter=Q(due_at__lte=at)),
            unread=Count("pk", filter=Q(is_unread=True)),
            nearest=Min("due_at"),
        )
        .order_by()
    )
    rows = list(grouped)
    names = access.names_of(row["assignee_id"] for row in rows)
    loads = [
        Load(
            user_id=row["assignee_id"],
            name=names.get(row["assignee_id"] or 0, ""),
            open_count=row["open_count"],
            overdue=row["overdue"],
            unread=row["unread"],
            nearest_due_at=row["nearest"],
        )
        for row in rows
    ]
    return sorted(loads, key=lambda one: (one.user_id is not None, -one.overdue, -one.open_count, one.name))


def waiting_for(user_id: int, *, at: datetime) -> tuple[int, int]:
    """Return in how many cases an employee owes something and in how many too late."""
    rows = Case.objects.filter(OWED, assignee_id=user_id)
    found = rows.aggregate(all=Count("pk"), overdue=Count("pk", filter=Q(due_at__lte=at)))
    return found["all"], found["overdue"]


def escalated_count(user_id: int) -> int:
    """Return how many cases whose term passed went to the supervisors, of those that the asker may see (A7)."""
    return visible(user_id).filter(is_escalated=True).count()


def _filtered(rows: QuerySet[Case], filters: Filters, *, user_id: int, at: datetime) -> QuerySet[Case]:
    states = {"open": Q(state__in=OPEN_STATES), "overdue": Q(due_at__lte=at)}
    states |= {"unread": Q(is_unread=True), "escalated": Q(is_escalated=True)} | {
        state.value: Q(state=state) for state in CaseState
    }
    rows = rows.filter(states.get(filters.state, Q()))
    if filters.assignee in {MINE, NOBODY}:
        rows = rows.filter(assignee_id=user_id if filters.assignee == MINE else None)
    elif filters.assignee.isdecimal():
        rows = rows.filter(assignee_id=int(filters.assignee[:18]))
    if filters.subject:
        rows = rows.filter(subject__in=_with_those_below(filters.subject, on=at.date()))
    exact = {"channel": filters.channel, "kind": filters.kind}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if filters.since is not None:
        rows = rows.filter(registered_at__gte=end_of(filters.since - timedelta(days=1)))
    if filters.until is not None:
        rows = rows.filter(registered_at__lt=end_of(filters.until))
    return _found(rows, filters.text.strip()) if filters.text.strip() else rows


def _found(rows: QuerySet[Case], text: str) -> QuerySet[Case]:
    """Return the cases of a typed number, of an account's number, or with all these words."""
    number = typed_number(text)
    digits = "".join(sign for sign in text if sign.isdecimal())
    if number is not None and (len(digits) != len(text.strip()) or Case.objects.filter(number=number).exists()):
        return rows.filter(number=number)
    if len(digits) == 10 == len(text.strip()):
        return rows.filter(account__number=digits)
    asked = SearchQuery(text.replace("\x00", "")[:300], config=RUSSIAN_TEXT, search_type="websearch")
    return rows.filter(pk__in=CaseWords.objects.filter(words=asked).values("case_id"))


def _with_those_below(code: str, *, on: date) -> list[str]:
    return [one.code for one in subjects(on) if code in one.chain] or [code]
